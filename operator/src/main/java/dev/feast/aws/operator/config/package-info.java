/** The operator's settings from flags and environment, checked at start. */
@NullMarked
package dev.feast.aws.operator.config;

import org.jspecify.annotations.NullMarked;
