/**
 * Container images from scratch: a JRE linked down to what a program uses, the C library that it
 * needs, its jars; written as an OCI layout without a daemon, the same byte for byte for the same
 * inputs. And the way back: a layout read and unpacked, to run what is in it.
 *
 * <p>Part of the build and of tests, shipped nowhere.
 */
@NullMarked
package dev.feast.aws.image;

import org.jspecify.annotations.NullMarked;
