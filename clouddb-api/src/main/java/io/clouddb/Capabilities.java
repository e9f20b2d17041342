/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.table.TableDriver;

/** What a cloud can do, known without a remote call. */
public final class Capabilities {
  private final CloudDriver driver;

  Capabilities(CloudDriver driver) {
    this.driver = driver;
  }

  /**
   * Tells whether the cloud has a feature.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return yes, no or under conditions, with the reason and the limits
   */
  public Support supports(Feature feature, FeatureContext context) {
    // A driver knows its own features; what it has no part for, it need not name.
    return feature.id().startsWith("table.") && driver.driver(TableDriver.class).isEmpty()
        ? Support.no("This release has no tables on this cloud")
        : driver.supports(feature, context);
  }
}
