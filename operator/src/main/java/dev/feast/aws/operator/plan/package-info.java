/**
 * The pure planner: what is desired and what was observed give the ordered steps between the two.
 */
@NullMarked
package dev.feast.aws.operator.plan;

import org.jspecify.annotations.NullMarked;
