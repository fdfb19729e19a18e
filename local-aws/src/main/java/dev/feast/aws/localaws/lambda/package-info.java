/**
 * Lambda: functions made of images in ECR, their versions, aliases and policies, and what happens
 * when one is invoked.
 *
 * <p>The API's operations are grouped by what they are about ({@code FunctionOperations}, {@code
 * AliasOperations}, …); what they change is a {@link dev.feast.aws.localaws.lambda.Function}, which
 * is one lock. How code is run is behind {@link dev.feast.aws.localaws.lambda.FunctionLauncher}.
 */
@NullMarked
package dev.feast.aws.localaws.lambda;

import org.jspecify.annotations.NullMarked;
