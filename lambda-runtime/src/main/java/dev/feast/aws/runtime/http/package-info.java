/**
 * What a request and an answer are here, the three routes, and the plain HTTP port of {@code
 * serve}.
 */
@NullMarked
package dev.feast.aws.runtime.http;

import org.jspecify.annotations.NullMarked;
