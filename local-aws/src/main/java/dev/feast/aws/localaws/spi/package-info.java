/**
 * What a service of local-aws is made of, and how it is plugged in.
 *
 * <p>A {@link dev.feast.aws.localaws.spi.Service} turns a request into an {@link
 * dev.feast.aws.localaws.spi.Operation}: a name as AWS has it, whether it mutates, and the code
 * that answers. It does so without taking effect, because faults and the call log go by the
 * operation's name before it runs. The operation answers with a {@link
 * dev.feast.aws.localaws.http.Response} or throws an {@link dev.feast.aws.localaws.spi.AwsError},
 * which the service's {@link dev.feast.aws.localaws.spi.WireErrors} puts on the wire as that
 * service does ({@code JsonErrors.LAMBDA}, {@code JsonErrors.API_GATEWAY}, {@code
 * JsonErrors.AWS_JSON_1_1}, {@code XmlErrors}). The request id header, the call log, faults and
 * signatures are dispatch's business, not the service's.
 *
 * <p>A service is registered with one line in {@code LocalAws}, which says what requests are its
 * own: {@code Route.scope(service)} for those signed for it (SigV4's credential scope), {@code
 * Route.unsigned(predicate, service)} for a surface that AWS does not sign (the OCI registry),
 * {@code Route.prefix("/_apis/", service)} for one that is told by its path. The first route that
 * matches wins. What a service needs from its surroundings is in {@link
 * dev.feast.aws.localaws.spi.Installation}; a service that is {@link AutoCloseable} is closed with
 * the instance.
 */
@NullMarked
package dev.feast.aws.localaws.spi;

import org.jspecify.annotations.NullMarked;
