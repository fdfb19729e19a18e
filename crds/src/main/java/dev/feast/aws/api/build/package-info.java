/** What the build runs to write the CRD; not part of the module's jar. */
@NullMarked
package dev.feast.aws.api.build;

import org.jspecify.annotations.NullMarked;
