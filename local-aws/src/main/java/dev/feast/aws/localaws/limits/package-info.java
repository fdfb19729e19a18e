/** How often a service may be called: AWS' own rates, and what counts the calls against them. */
@NullMarked
package dev.feast.aws.localaws.limits;

import org.jspecify.annotations.NullMarked;
