package dev.feast.aws.operator.model;

/**
 * Something that has the name we need and is not ours: never changed, never deleted.
 *
 * @param object what it is, as in "Lambda function feast-team-dev-1a2b3c"
 * @param whose as {@link Ownership.Foreign#whose()}
 */
public record ForeignObject(String object, String whose) {}
