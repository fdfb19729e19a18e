/**
 * API Gateway's HTTP APIs: the API that makes them, and the endpoints that they are.
 *
 * <p>An API's endpoint is {@code http://127.0.0.1:<port>/_apis/<id>}; what follows is stripped of
 * that prefix before anything else looks at it, so that stages, routes and events are as they are
 * on AWS. APIs live as long as the process.
 */
@NullMarked
package dev.feast.aws.localaws.apigateway;

import org.jspecify.annotations.NullMarked;
