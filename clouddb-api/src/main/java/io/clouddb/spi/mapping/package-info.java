/**
 * The one table of each resource and cloud: how a portable field becomes the vendor's, when it
 * cannot, and how it is read back. Plan, capabilities, requests, drift and the guide's table all
 * come from it, so that they cannot say different things.
 */
@NullMarked
package io.clouddb.spi.mapping;

import org.jspecify.annotations.NullMarked;
