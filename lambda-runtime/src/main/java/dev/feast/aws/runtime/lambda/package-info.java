/** Lambda's side: the Runtime API loop, and API Gateway's payload format 2.0. */
@NullMarked
package dev.feast.aws.runtime.lambda;

import org.jspecify.annotations.NullMarked;
