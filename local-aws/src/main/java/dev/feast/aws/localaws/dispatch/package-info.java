/**
 * The one port: tells by AWS's own wire formats which service a request is for, and does for all of
 * them what they have in common: who calls, faults, the call log, request ids.
 */
@NullMarked
package dev.feast.aws.localaws.dispatch;

import org.jspecify.annotations.NullMarked;
