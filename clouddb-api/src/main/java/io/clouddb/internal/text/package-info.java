/** Not API: texts of others within messages, for this project's modules. */
@NullMarked
package io.clouddb.internal.text;

import org.jspecify.annotations.NullMarked;
