/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Tier;
import io.clouddb.DataSize;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Cloud SQL offers: {@code tiers.list}, which tells the tiers of all engines with their
 * memory and regions. Custom machines are made by a rule and in no list; of the versions no request
 * tells, so they are those of the API's definition.
 */
final class TierCatalog {
  private static final long MIB = 1L << 20;
  private static final String PLUS = io.clouddb.gcp.sql.Tier.ENTERPRISE_PLUS;

  /** Those whose last number is one of vCPUs; the shared ones have a part of one. */
  private static final Pattern WITH_CPUS =
      Pattern.compile("db-(?:perf-optimized|c4a)-[A-Za-z0-9-]*?-?([0-9]{1,3})");

  private static final Pattern CUSTOM =
      Pattern.compile("db-custom-(?:[A-Z0-9]+-)?([0-9]{1,3})-[0-9]{1,7}");

  /** Machines of MySQL, and those of its first generation. */
  private static final Pattern OF_OTHERS = Pattern.compile("db-n1-.*|D[0-9]+");

  private final Place place;
  private final SqlAdminCalls calls;

  TierCatalog(Place place, SqlAdminCalls calls) {
    this.place = place;
    this.calls = calls;
  }

  Catalog read(Engine engine, Instant now) {
    if (!engine.equals(Engine.POSTGRESQL)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "This provider makes PostgreSQL only, not " + engine)
          .nextStep("Ask for the catalog of " + Engine.POSTGRESQL + ".")
          .toException();
    }
    return Catalog.builder("gcp", place.region(), engine, now)
        .source(
            "Cloud SQL: tiers.list, beside which there are custom machines (db-custom-N-MB) by rule;"
                + " versions: the definition of the API")
        .sizes(
            calls.tiers().stream()
                .filter(tier -> tier.getTier() != null && isHere(tier))
                .filter(tier -> !OF_OTHERS.matcher(tier.getTier()).matches())
                .map(TierCatalog::size)
                .sorted(Comparator.comparing(size -> size.tier().equals(PLUS)))
                .toList())
        .versions(
            EngineVersion.offered().stream()
                .map(version -> new CatalogVersion(version, "", false))
                .toList())
        .build();
  }

  private boolean isHere(Tier tier) {
    List<String> regions = tier.getRegion();
    return regions == null || regions.isEmpty() || regions.contains(place.region());
  }

  private static CatalogSize size(Tier tier) {
    String name = tier.getTier();
    CatalogSize.Builder size =
        CatalogSize.builder(name).tier(io.clouddb.gcp.sql.Tier.editionOf(name));
    for (Pattern pattern : List.of(WITH_CPUS, CUSTOM)) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        size.cpus(Integer.parseInt(matcher.group(1)));
      }
    }
    if (tier.getRAM() != null) {
      size.memory(DataSize.mib(tier.getRAM() / MIB));
    }
    return size.build();
  }
}
