/* SPDX-License-Identifier: Apache-2.0 */
/** What the pieces of several contracts have in common. No API. */
@NullMarked
package io.clouddb.testkit.contract.internal;

import org.jspecify.annotations.NullMarked;
