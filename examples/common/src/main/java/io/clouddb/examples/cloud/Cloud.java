/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.cloud;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A cloud on which the examples run. */
public enum Cloud {
  /** Amazon RDS. */
  AWS("AWS", "Amazon RDS", "ap-northeast-2", "ap-northeast-1"),
  /** Azure Database for PostgreSQL, flexible server. */
  AZURE("Azure", "Azure flexible server", "koreacentral", "japaneast"),
  /** Google Cloud SQL. */
  GCP("Google Cloud", "Cloud SQL", "asia-northeast3", "asia-northeast1");

  private final String title;
  private final String service;
  private final String location;
  private final String otherLocation;

  Cloud(String title, String service, String location, String otherLocation) {
    this.title = title;
    this.service = service;
    this.location = location;
    this.otherLocation = otherLocation;
  }

  /**
   * Reads a cloud's id.
   *
   * @param id for example {@code aws}
   * @return the cloud
   * @throws IllegalArgumentException when there is none; it lists those that there are
   */
  public static Cloud ofId(String id) {
    return Arrays.stream(values())
        .filter(cloud -> cloud.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + id
                        + "' is no cloud; there are "
                        + Arrays.stream(values())
                            .map(Cloud::id)
                            .collect(Collectors.joining(", "))));
  }

  /** The provider's id in clouddb, for example {@code aws}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What people call it. */
  public String title() {
    return title;
  }

  /** Its service for PostgreSQL. */
  public String service() {
    return service;
  }

  /** The region that the examples use. */
  public String location() {
    return location;
  }

  /** Another region, for what has to outlive the first one. */
  public String otherLocation() {
    return otherLocation;
  }

  @Override
  public String toString() {
    return id();
  }
}
