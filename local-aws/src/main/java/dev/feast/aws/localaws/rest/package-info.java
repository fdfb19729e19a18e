/** What the services of AWS that speak REST and JSON have in common: Lambda and API Gateway. */
@NullMarked
package dev.feast.aws.localaws.rest;

import org.jspecify.annotations.NullMarked;
