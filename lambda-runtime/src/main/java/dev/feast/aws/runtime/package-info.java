@NullMarked
package dev.feast.aws.runtime;

import org.jspecify.annotations.NullMarked;
