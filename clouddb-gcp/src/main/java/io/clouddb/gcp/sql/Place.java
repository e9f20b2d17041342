/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.ResourceId;

/**
 * Where an instance is, which some fields go by.
 *
 * @param project the project's id
 * @param region the region
 */
record Place(String project, String region) {
  static Place of(ResourceId resource) {
    return new Place(resource.account(), resource.location());
  }
}
