/* SPDX-License-Identifier: Apache-2.0 */
/** Shared by the AWS services; not API. */
@NullMarked
package io.clouddb.aws.internal;

import org.jspecify.annotations.NullMarked;
