/** The little XML that S3 and STS speak. */
@NullMarked
package dev.feast.aws.localaws.xml;

import org.jspecify.annotations.NullMarked;
