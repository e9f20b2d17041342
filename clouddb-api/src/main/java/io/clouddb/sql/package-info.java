/** How to connect to a relational database. */
@NullMarked
package io.clouddb.sql;

import org.jspecify.annotations.NullMarked;
