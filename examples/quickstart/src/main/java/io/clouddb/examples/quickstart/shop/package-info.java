/** The database that is moved. */
@NullMarked
package io.clouddb.examples.quickstart.shop;

import org.jspecify.annotations.NullMarked;
