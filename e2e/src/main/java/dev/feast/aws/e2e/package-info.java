@NullMarked
package dev.feast.aws.e2e;

import org.jspecify.annotations.NullMarked;
