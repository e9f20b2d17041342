/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.AvailabilityZone;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;

/**
 * Reads what RDS offers: <em>DescribeDBEngineVersions</em> and
 * <em>DescribeOrderableDBInstanceOptions</em> in the RDS API Reference. RDS tells neither CPUs nor
 * memory of a class; {@link InstanceClasses} does.
 */
final class RdsCatalog {
  private static final String DEPRECATED = "deprecated";

  private final String provider;
  private final String region;
  private final RdsCalls rds;

  RdsCatalog(String provider, String region, RdsCalls rds) {
    this.provider = provider;
    this.region = region;
    this.rds = rds;
  }

  Catalog read(Engine engine, Instant now) {
    if (!engine.equals(Engine.POSTGRESQL)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE, "This release makes no " + engine + " on RDS")
          .nextStep("Ask for the catalog of " + Engine.POSTGRESQL + ".")
          .toException();
    }
    return Catalog.builder(provider, region, engine, now)
        .source(
            "RDS: DescribeOrderableDBInstanceOptions, DescribeDBEngineVersions; vCPUs and memory:"
                + " the RDS User Guide, of T, M and R classes")
        .sizes(classes().stream().sorted(InstanceClasses.preferred(CatalogSize::name)).toList())
        .versions(
            all(rds::engineVersions)
                .map(
                    each ->
                        new CatalogVersion(
                            each.engineVersion(),
                            each.status() == null ? "" : each.status(),
                            DEPRECATED.equals(each.status())))
                .toList())
        .build();
  }

  /** RDS has an option for each version, class and kind of disk. */
  private List<CatalogSize> classes() {
    Map<String, Offer> offers = new TreeMap<>();
    all(rds::orderableOptions)
        .filter(option -> option.dbInstanceClass() != null && option.engineVersion() != null)
        .forEach(
            option ->
                offers.computeIfAbsent(option.dbInstanceClass(), name -> new Offer()).add(option));
    return offers.entrySet().stream()
        .map(
            offer -> {
              CatalogSize.Builder size =
                  CatalogSize.builder(offer.getKey())
                      .zones(List.copyOf(offer.getValue().zones))
                      .regional(offer.getValue().multiAz)
                      .versions(List.copyOf(offer.getValue().versions));
              InstanceClasses.hardware(offer.getKey())
                  .ifPresent(has -> size.cpus(has.cpus()).memory(has.memory()));
              return size.build();
            })
        .toList();
  }

  private static final class Offer {
    private final Set<String> versions = new TreeSet<>();
    private final Set<String> zones = new TreeSet<>();
    private boolean multiAz;

    void add(OrderableDBInstanceOption option) {
      versions.add(option.engineVersion());
      option.availabilityZones().stream().map(AvailabilityZone::name).forEach(zones::add);
      multiAz |= Boolean.TRUE.equals(option.multiAZCapable());
    }
  }

  private static <T> Stream<T> all(Function<@Nullable String, Page<T>> pages) {
    return new Listing<T>(pages, null).stream();
  }
}
