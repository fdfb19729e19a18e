@NullMarked
package dev.feast.aws.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
