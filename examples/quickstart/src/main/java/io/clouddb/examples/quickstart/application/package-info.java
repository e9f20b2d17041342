/** The application that writes while its database is moved: a process of its own. */
@NullMarked
package io.clouddb.examples.quickstart.application;

import org.jspecify.annotations.NullMarked;
