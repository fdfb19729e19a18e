/** The pages of {@code docs/} say what is so. */
@NullMarked
package dev.feast.aws.operator.documents;

import org.jspecify.annotations.NullMarked;
