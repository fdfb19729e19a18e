@NullMarked
package dev.feast.aws.localaws;

import org.jspecify.annotations.NullMarked;
