/** Observes what is in AWS and applies the planner's steps to it. */
@NullMarked
package dev.feast.aws.operator.deploy;

import org.jspecify.annotations.NullMarked;
