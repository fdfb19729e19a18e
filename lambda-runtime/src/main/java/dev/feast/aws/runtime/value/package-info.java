/** Feast's values as JSON. */
@NullMarked
package dev.feast.aws.runtime.value;

import org.jspecify.annotations.NullMarked;
