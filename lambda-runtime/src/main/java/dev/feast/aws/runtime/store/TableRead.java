package dev.feast.aws.runtime.store;

import java.util.Set;

/**
 * What is wanted of one table.
 *
 * @param features their names, at least one
 * @param entityIds the rows' keys
 */
public record TableRead(String table, Set<String> features, Set<String> entityIds) {}
