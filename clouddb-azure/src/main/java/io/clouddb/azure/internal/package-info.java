/* SPDX-License-Identifier: Apache-2.0 */
/** Azure Resource Manager, as every service behind it is called. Not API. */
@NullMarked
package io.clouddb.azure.internal;

import org.jspecify.annotations.NullMarked;
