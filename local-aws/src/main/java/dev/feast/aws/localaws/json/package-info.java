/** What the services that speak AWS JSON 1.1 have in common: operations named by a header. */
@NullMarked
package dev.feast.aws.localaws.json;

import org.jspecify.annotations.NullMarked;
