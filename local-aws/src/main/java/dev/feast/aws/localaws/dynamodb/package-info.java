/**
 * DynamoDB: AWS's own DynamoDB Local in this process, behind a proxy.
 *
 * <p>DynamoDB Local keeps one database for each access key and region. The proxy puts the account
 * in the key's place, so that all principals of an account see the same tables, as on AWS.
 */
@NullMarked
package dev.feast.aws.localaws.dynamodb;

import org.jspecify.annotations.NullMarked;
