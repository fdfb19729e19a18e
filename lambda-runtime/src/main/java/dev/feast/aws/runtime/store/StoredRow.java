package dev.feast.aws.runtime.store;

import java.util.Map;

/**
 * One row.
 *
 * @param eventTimestamp as Feast wrote it, {@link EventTimestamp} reads it; empty if it is missing
 * @param values feature to Feast's serialized Value; at least the wanted ones that the row has
 */
public record StoredRow(String eventTimestamp, Map<String, byte[]> values) {}
