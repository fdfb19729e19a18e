/** AWS Signature Version 4, as the server sees it. */
@NullMarked
package dev.feast.aws.localaws.sigv4;

import org.jspecify.annotations.NullMarked;
