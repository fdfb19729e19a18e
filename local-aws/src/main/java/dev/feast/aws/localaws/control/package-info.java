/**
 * What a test or a user asks of local-aws itself: the calls it got, and faults for those to come.
 */
@NullMarked
package dev.feast.aws.localaws.control;

import org.jspecify.annotations.NullMarked;
