package dev.feast.aws.operator.model;

/**
 * The FeatureServer that a set of AWS objects belongs to.
 *
 * @param clusterId what tells this cluster from others in the same account: kube-system's UID, or
 *     the operator's {@code --cluster-id}
 * @param uid the UID of the living resource; a recreated one has the same namespace and name but
 *     another UID
 */
public record Owner(String clusterId, String namespace, String name, String uid) {}
