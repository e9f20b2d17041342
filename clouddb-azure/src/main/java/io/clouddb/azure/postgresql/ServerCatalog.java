/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.DataSize;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the capabilities of a location ({@code CapabilitiesByLocation_List}): its sizes with vCores
 * and memory, and its versions, by major version. The SDK's classes are those of an older shape.
 */
final class ServerCatalog {
  private static final String NAME = "name";
  private static final String STATUS = "status";

  private final ArmScope scope;
  private final ServerCalls calls;

  ServerCatalog(ArmScope scope, ServerCalls calls) {
    this.scope = scope;
    this.calls = calls;
  }

  Catalog read(Engine engine, Instant now) {
    if (!engine.equals(Engine.POSTGRESQL)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "Only PostgreSQL (flexible server) is driven on Azure, not " + engine)
          .nextStep("Ask for the catalog of " + Engine.POSTGRESQL + ".")
          .toException();
    }
    List<Map<?, ?>> capabilities = calls.capabilities();
    boolean restricted = capabilities.stream().anyMatch(ServerCatalog::isRestricted);
    return Catalog.builder("azure", scope.location(), engine, now)
        .source(
            "Azure: the capabilities of the location"
                + (restricted ? ", which is restricted for the subscription: it has no sizes" : ""))
        .sizes(restricted ? List.of() : sizes(capabilities))
        .versions(
            inEach(capabilities, "supportedServerVersions")
                .map(
                    version ->
                        new CatalogVersion(text(version, NAME), text(version, STATUS), false))
                .distinct()
                .toList())
        .build();
  }

  /** Those that Azure sells to some subscriptions only. */
  private static boolean isRestricted(Map<?, ?> capability) {
    return parts(capability, "supportedFeatures")
        .anyMatch(
            feature ->
                text(feature, NAME).equals("OfferRestricted")
                    && text(feature, STATUS).equals("Enabled"));
  }

  private static List<CatalogSize> sizes(List<Map<?, ?>> capabilities) {
    List<CatalogSize> sizes = new ArrayList<>();
    inEach(capabilities, "supportedServerEditions")
        .forEach(
            edition ->
                parts(edition, "supportedServerSkus")
                    .map(sku -> size(text(edition, NAME), sku))
                    .forEach(sizes::add));
    sizes.sort(
        Comparator.<CatalogSize, Boolean>comparing(size -> !ServerSizes.isKnown(size.name()))
            .thenComparing(size -> isBurstable(size.tier())));
    return sizes;
  }

  private static CatalogSize size(String tier, Map<?, ?> sku) {
    CatalogSize.Builder size =
        CatalogSize.builder(text(sku, NAME)).tier(tier).zones(texts(sku, "supportedZones"));
    if (sku.get("vCores") instanceof Number cpus
        && sku.get("supportedMemoryPerVcoreMb") instanceof Number memory) {
      size.cpus(cpus.intValue()).memory(DataSize.mib(cpus.longValue() * memory.longValue()));
    }
    if (isBurstable(tier)) {
      // Azure's list gives them the modes of the others, and a server of them no standby.
      size.regional(false);
    } else if (sku.containsKey("supportedHaMode")) {
      size.regional(
          texts(sku, "supportedHaMode").contains(HighAvailabilityMode.ZONE_REDUNDANT.toString()));
    }
    return size.build();
  }

  private static boolean isBurstable(String tier) {
    return tier.equals(SkuTier.BURSTABLE.toString());
  }

  private static Stream<Map<?, ?>> inEach(List<Map<?, ?>> all, String name) {
    return all.stream().flatMap(each -> parts(each, name));
  }

  /** The objects of a list, without those that Azure shows as switched off. */
  private static Stream<Map<?, ?>> parts(Map<?, ?> from, String name) {
    return elements(from.get(name))
        .filter(Map.class::isInstance)
        .<Map<?, ?>>map(Map.class::cast)
        .filter(each -> name.equals("supportedFeatures") || !text(each, STATUS).equals("Disabled"));
  }

  private static List<String> texts(Map<?, ?> from, String name) {
    return elements(from.get(name)).map(String::valueOf).toList();
  }

  private static Stream<?> elements(@Nullable Object list) {
    return list instanceof List<?> elements ? elements.stream() : Stream.of();
  }

  private static String text(Map<?, ?> from, String name) {
    return Objects.toString(from.get(name), "");
  }
}
