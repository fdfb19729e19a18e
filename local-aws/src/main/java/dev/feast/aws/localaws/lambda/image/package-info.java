/** Images of functions: checked as Lambda checks them, and unpacked to a folder each. */
@NullMarked
package dev.feast.aws.localaws.lambda.image;

import org.jspecify.annotations.NullMarked;
