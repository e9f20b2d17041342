/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Azure behind the clouddb API. Nothing here is called by applications: {@link io.clouddb.CloudDb}
 * finds {@link io.clouddb.azure.AzureProvider} on the class path.
 */
@NullMarked
package io.clouddb.azure;

import org.jspecify.annotations.NullMarked;
