/** When backups are taken and how long they are kept. */
@NullMarked
package io.clouddb.backup;

import org.jspecify.annotations.NullMarked;
