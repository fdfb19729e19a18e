/** The reconciler, its event sources and its timing. */
@NullMarked
package dev.feast.aws.operator.controller;

import org.jspecify.annotations.NullMarked;
