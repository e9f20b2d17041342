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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the capabilities of a location ({@code CapabilitiesByLocation_List}): its sizes with vCores
 * and memory, and its versions, by major version. The SDK's classes are those of an older shape.
 *
 * <p>As published of the API version that is spoken, {@code Capability} has {@code
 * supportedServerEditions}, {@code supportedServerVersions}, {@code supportedFeatures} and, until
 * it is taken away, {@code restricted} and {@code zoneRedundantHaSupported}; {@code
 * ServerEditionCapability} has {@code name} and {@code supportedServerSkus}; {@code
 * ServerSkuCapability} has {@code name}, {@code vCores}, {@code supportedMemoryPerVcoreMb}, {@code
 * supportedZones} and {@code supportedHaMode} (ZoneRedundant, SameZone); {@code
 * ServerVersionCapability} has {@code name}. Each of these is a {@code CapabilityBase}: {@code
 * status} (Visible, Available, Default, Disabled) and {@code reason}, "for the capability not being
 * available". Recorded answers leave {@code status} out, and name a reason all the same.
 *
 * @see <a
 *     href="https://learn.microsoft.com/rest/api/postgresql/capabilities-by-location/list?view=rest-postgresql-2025-08-01">Capabilities
 *     By Location - List</a>
 * @see <a
 *     href="https://github.com/Azure/azure-rest-api-specs/blob/dd817adb9d20cedc173492d1ed7de20fc59514e8/specification/postgresql/resource-manager/Microsoft.DBforPostgreSQL/PostgreSQL/stable/2025-08-01/openapi.json">Definition
 *     of 2025-08-01</a>
 */
final class ServerCatalog {
  private static final String NAME = "name";
  private static final String STATUS = "status";
  private static final String REASON = "reason";
  private static final String ENABLED = "Enabled";
  private static final String DISABLED = "Disabled";

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
                + (restricted ? ", which is restricted for the subscription: it has no sizes" : "")
                + reasons(capabilities))
        .sizes(restricted ? List.of() : sizes(capabilities))
        .versions(
            inEach(capabilities, "supportedServerVersions")
                .filter(ServerCatalog::isNamed)
                .map(
                    version ->
                        new CatalogVersion(text(version, NAME), text(version, STATUS), false))
                .distinct()
                .toList())
        .build();
  }

  /**
   * Of those that Azure sells to some subscriptions only. The definition names the feature {@code
   * Restricted}, and answers have {@code OfferRestricted}, which Azure's own client reads.
   */
  private static boolean isRestricted(Map<?, ?> capability) {
    return text(capability, STATUS).equals(DISABLED)
        || text(capability, "restricted").equals(ENABLED)
        || feature(capability, "OfferRestricted").equals(ENABLED)
        || feature(capability, "Restricted").equals(ENABLED);
  }

  /** Of a location without further zones, whatever its sizes say. */
  private static boolean isWithoutZones(Map<?, ?> capability) {
    return text(capability, "zoneRedundantHaSupported").equals(DISABLED)
        || feature(capability, "ZoneRedundantHa").equals(DISABLED);
  }

  /**
   * Whether a location says that its servers have no backups in its pair: "Will be deprecated in
   * the future. Look to Supported Features for 'GeoBackup'."
   *
   * @param capabilities what it has to offer
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/overview#azure-regions">Azure
   *     regions</a>
   */
  static boolean isWithoutGeoBackup(List<Map<?, ?>> capabilities) {
    return capabilities.stream()
        .anyMatch(
            capability ->
                text(capability, "geoBackupSupported").equals(DISABLED)
                    || feature(capability, "GeoBackup").equals(DISABLED));
  }

  private static String feature(Map<?, ?> capability, String name) {
    return objects(capability, "supportedFeatures")
        .filter(feature -> text(feature, NAME).equals(name))
        .map(feature -> text(feature, STATUS))
        .findFirst()
        .orElse("");
  }

  private static String reasons(List<Map<?, ?>> capabilities) {
    return capabilities.stream()
        .map(capability -> text(capability, REASON))
        .filter(reason -> !reason.isEmpty())
        .map(reason -> "; Azure says: " + reason)
        .distinct()
        .collect(Collectors.joining());
  }

  private static List<CatalogSize> sizes(List<Map<?, ?>> capabilities) {
    boolean zones = capabilities.stream().noneMatch(ServerCatalog::isWithoutZones);
    List<CatalogSize> sizes = new ArrayList<>();
    inEach(capabilities, "supportedServerEditions")
        .forEach(
            edition ->
                offered(edition, "supportedServerSkus")
                    .filter(ServerCatalog::isNamed)
                    .map(sku -> size(text(edition, NAME), sku, zones))
                    .forEach(sizes::add));
    sizes.sort(
        Comparator.<CatalogSize, Boolean>comparing(size -> !ServerSizes.isKnown(size.name()))
            .thenComparing(size -> isBurstable(size.tier())));
    return sizes;
  }

  private static CatalogSize size(String tier, Map<?, ?> sku, boolean zones) {
    CatalogSize.Builder size =
        CatalogSize.builder(text(sku, NAME)).tier(tier).zones(texts(sku, "supportedZones"));
    if (sku.get("vCores") instanceof Number cpus
        && sku.get("supportedMemoryPerVcoreMb") instanceof Number memory) {
      size.cpus(cpus.intValue()).memory(DataSize.mib(cpus.longValue() * memory.longValue()));
    }
    if (isBurstable(tier) || !zones) {
      // Azure's list gives burstable ones the modes of the others, and a server of them no standby.
      size.regional(false);
    } else if (sku.get("supportedHaMode") instanceof List<?>) {
      size.regional(
          texts(sku, "supportedHaMode").contains(HighAvailabilityMode.ZONE_REDUNDANT.toString()));
    }
    return size.build();
  }

  private static boolean isBurstable(String tier) {
    return tier.equals(SkuTier.BURSTABLE.toString());
  }

  private static Stream<Map<?, ?>> inEach(List<Map<?, ?>> all, String name) {
    return all.stream().flatMap(each -> offered(each, name));
  }

  /** The objects of a list, without those that Azure does not offer now. */
  private static Stream<Map<?, ?>> offered(Map<?, ?> from, String name) {
    return objects(from, name).filter(ServerCatalog::isOffered);
  }

  /** As its status says; without one, a reason for it not to be available says that it is not. */
  private static boolean isOffered(Map<?, ?> capability) {
    String status = text(capability, STATUS);
    return status.isEmpty() ? text(capability, REASON).isEmpty() : !status.equals(DISABLED);
  }

  /** Of a size or a version without a name nothing could be asked for. */
  private static boolean isNamed(Map<?, ?> capability) {
    return !text(capability, NAME).isEmpty();
  }

  private static Stream<Map<?, ?>> objects(Map<?, ?> from, String name) {
    return elements(from.get(name)).filter(Map.class::isInstance).<Map<?, ?>>map(Map.class::cast);
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
