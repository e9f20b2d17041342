/** References to secrets, never the secrets. */
@NullMarked
package io.clouddb.security;

import org.jspecify.annotations.NullMarked;
