/** How Feast names the row of an entity in the online store. */
@NullMarked
package dev.feast.aws.runtime.entitykey;

import org.jspecify.annotations.NullMarked;
