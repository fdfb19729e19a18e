/** Files and folders, whoever's they are. */
@NullMarked
package dev.feast.aws.localaws.files;

import org.jspecify.annotations.NullMarked;
