/** Not API: files that nobody but this user reads or puts there, for this project's modules. */
@NullMarked
package io.clouddb.internal.file;

import org.jspecify.annotations.NullMarked;
