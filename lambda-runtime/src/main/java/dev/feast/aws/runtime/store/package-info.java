/** The online store: rows of feature values by table and key. */
@NullMarked
package dev.feast.aws.runtime.store;

import org.jspecify.annotations.NullMarked;
