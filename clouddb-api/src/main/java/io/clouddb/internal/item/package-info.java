/* SPDX-License-Identifier: Apache-2.0 */
/** How objects of an application become items of a table, and again objects. Not API. */
@NullMarked
package io.clouddb.internal.item;

import org.jspecify.annotations.NullMarked;
