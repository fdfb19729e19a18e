@NullMarked
package dev.feast.aws.operator;

import org.jspecify.annotations.NullMarked;
