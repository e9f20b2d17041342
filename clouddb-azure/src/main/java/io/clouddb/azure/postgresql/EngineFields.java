/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.AVAILABILITY;
import static io.clouddb.instance.InstanceField.DATABASE;
import static io.clouddb.instance.InstanceField.ENGINE;
import static io.clouddb.instance.InstanceField.ENGINE_VERSION;
import static io.clouddb.instance.InstanceField.NAME;
import static io.clouddb.instance.InstanceField.SIZE;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerVersion;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.InCatalog;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What runs, how large and how available it is. */
final class EngineFields {
  /** Those that the published definition of the API version that is spoken lists, from 14 on. */
  static final Set<String> VERSIONS = Set.of("14", "15", "16", "17", "18");

  private static final Set<String> RESERVED_DATABASES =
      Set.of("azure_sys", "azure_maintenance", "template0", "template1");
  private static final String GENERAL_PURPOSE = "a General Purpose size such as Standard_D2ds_v5";

  private EngineFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(name(), engine(), version(), size(), availability(), database());
  }

  private static FieldRow<String, ServerAsItIs> name() {
    return FieldRow.<String, ServerAsItIs>of(NAME, String.class, "name")
        .from((there, asked) -> Optional.ofNullable(there.server().name()))
        .build();
  }

  private static FieldRow<Engine, ServerAsItIs> engine() {
    return FieldRow.<Engine, ServerAsItIs>of(ENGINE, Engine.class, "type")
        .only(
            postgres(
                (engine, asked) ->
                    Optional.of("only PostgreSQL (flexible server) is driven on Azure"),
                "Engine.POSTGRESQL"))
        .shown((engine, asked) -> "Microsoft.DBforPostgreSQL/flexibleServers")
        .from((there, asked) -> Optional.of(Engine.POSTGRESQL))
        .build();
  }

  /** Of another engine nothing is told by the capabilities at all. */
  private static <V> Condition<V> postgres(
      java.util.function.BiFunction<V, Asked, Optional<String>> otherwise, String alternative) {
    return new Condition<>(
        "PostgreSQL only",
        context -> context.engine().isEmpty(),
        (value, asked) ->
            asked.value(ENGINE, Engine.class).orElse(Engine.POSTGRESQL).equals(Engine.POSTGRESQL)
                ? Optional.empty()
                : otherwise.apply(value, asked),
        alternative);
  }

  private static FieldRow<String, ServerAsItIs> version() {
    return FieldRow.<String, ServerAsItIs>of(ENGINE_VERSION, String.class, "properties.version")
        .only(
            postgres(
                (version, asked) ->
                    asked
                        .value(ENGINE, Engine.class)
                        .map(engine -> "there is no version of " + engine),
                ""))
        .only(
            "Those that Azure's API version " + ArmPipeline.API_VERSION + " lists, from 14 on",
            (version, asked) ->
                VERSIONS.contains(major(version))
                    ? Optional.empty()
                    : Optional.of(
                        "PostgreSQL "
                            + version
                            + " is not offered: neither below 14 here, nor what Azure's API version "
                            + ArmPipeline.API_VERSION
                            + " does not list"),
            "one of 14, 15, 16, 17, 18")
        .only(InCatalog.version(EngineFields::major))
        .nearest(
            "By major version; Azure chooses the minor one",
            (version, asked) ->
                VERSIONS.contains(version)
                    ? Optional.empty()
                    : Optional.of("Azure chooses the minor version itself"))
        .limit("major.min", 14)
        .limit("major.max", 18)
        .shown((version, asked) -> major(version))
        .to(
            ServerInner.class,
            (server, version, asked) ->
                server.withVersion(ServerVersion.fromString(major(version))))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().version())
                    .map(major -> ServerView.version(there.server())))
        .same((version, actual, asked) -> major(version).equals(major(String.valueOf(actual))))
        .build();
  }

  private static String major(String version) {
    return version.replaceFirst("[.].*", "");
  }

  private static FieldRow<InstanceSize, ServerAsItIs> size() {
    return FieldRow.<InstanceSize, ServerAsItIs>of(SIZE, InstanceSize.class, "sku")
        .only(
            "Named as Azure names sizes",
            (size, asked) ->
                size.name().isPresent() && sku(size, asked).isEmpty()
                    ? Optional.of("'" + size + "' is no size of a flexible server")
                    : Optional.empty(),
            "a name such as Standard_B2s, Standard_D2ds_v5 or Standard_E2ds_v5")
        .only(
            "As large as Azure's largest size",
            (size, asked) ->
                sku(size, asked).isEmpty() ? Optional.of("no size has " + size) : Optional.empty(),
            (size, asked) ->
                InCatalog.instead(size, asked)
                    .orElse(
                        "at most "
                            + ServerSizes.MOST_CPUS
                            + " vCPU and "
                            + ServerSizes.MOST_GIB
                            + " GiB"))
        .only(InCatalog.size((size, asked) -> sku(size, asked).map(Sku::name)))
        .only(
            "Burstable without a standby only",
            (size, asked) ->
                !asked.has(AVAILABILITY)
                        && isBurstable(size, asked)
                        && ServerFacts.availability(asked) == Availability.REGIONAL
                    ? Optional.of("burstable servers have no standby, and the server has one")
                    : Optional.empty(),
            GENERAL_PURPOSE + ", or availability ZONAL with it")
        .limit("cpus.max", ServerSizes.MOST_CPUS)
        .limit("memory.gib.max", ServerSizes.MOST_GIB)
        .shown(EngineFields::shown)
        .noted(
            (size, asked) ->
                asked.catalog().isPresent() ? Optional.empty() : ServerSizes.undecided(size))
        .to(
            ServerInner.class,
            (server, size, asked) -> server.withSku(sku(size, asked).orElseThrow()))
        .to(
            ServerForUpdate.class,
            (update, size, asked) -> update.withSku(sku(size, asked).orElseThrow()))
        .from((there, asked) -> Optional.ofNullable(there.server().sku()).map(EngineFields::text))
        .same(
            (size, actual, asked) ->
                shown(size, asked).toString().equalsIgnoreCase(actual.toString()))
        .build();
  }

  private static Optional<Sku> sku(InstanceSize size, Asked asked) {
    return ServerSizes.sku(size, ServerFacts.availability(asked));
  }

  private static boolean isBurstable(InstanceSize size, Asked asked) {
    return sku(size, asked).filter(sku -> SkuTier.BURSTABLE.equals(sku.tier())).isPresent();
  }

  private static Object shown(InstanceSize size, Asked asked) {
    if (!asked.has(AVAILABILITY)
        && isBurstable(size, asked)
        && ServerFacts.of(asked).before().standby() == null) {
      return size + " (Burstable; refused by modify when there is a standby)";
    }
    return sku(size, asked).map(EngineFields::text).orElseGet(size::toString);
  }

  private static String text(Sku sku) {
    return sku.name() + " (" + sku.tier() + ")";
  }

  private static FieldRow<Availability, ServerAsItIs> availability() {
    return FieldRow.<Availability, ServerAsItIs>of(
            AVAILABILITY, Availability.class, "properties.highAvailability.mode")
        .only(
            "A standby needs a size that is not burstable",
            (availability, asked) ->
                availability == Availability.REGIONAL && staysBurstable(availability, asked)
                    ? Optional.of("burstable servers have no standby")
                    : Optional.empty(),
            GENERAL_PURPOSE)
        .shown((availability, asked) -> mode(availability))
        .to(
            ServerInner.class,
            (server, availability, asked) ->
                server.withHighAvailability(new HighAvailability().withMode(mode(availability))))
        .to(
            ServerForUpdate.class,
            (update, availability, asked) ->
                update.withHighAvailability(new HighAvailability().withMode(mode(availability))))
        // A standby in the same zone is neither of the two.
        .from(
            (there, asked) ->
                Optional.of(
                    Optional.ofNullable(there.server().highAvailability())
                        .map(HighAvailability::mode)
                        .orElse(HighAvailabilityMode.DISABLED)))
        .build();
  }

  static HighAvailabilityMode mode(Availability availability) {
    return availability == Availability.REGIONAL
        ? HighAvailabilityMode.ZONE_REDUNDANT
        : HighAvailabilityMode.DISABLED;
  }

  /** By the size that is asked for, or else by the one that the server has. */
  private static boolean staysBurstable(Availability availability, Asked asked) {
    return asked
        .value(SIZE, InstanceSize.class)
        .map(
            size ->
                ServerSizes.sku(size, availability)
                    .filter(sku -> SkuTier.BURSTABLE.equals(sku.tier()))
                    .isPresent())
        .orElseGet(() -> Boolean.TRUE.equals(ServerFacts.of(asked).before().burstable()));
  }

  private static FieldRow<String, ServerAsItIs> database() {
    return FieldRow.<String, ServerAsItIs>of(DATABASE, String.class, "databases")
        .only(
            "No name of Azure's own",
            (name, asked) ->
                RESERVED_DATABASES.contains(name)
                    ? Optional.of("the name " + name + " is Azure's own")
                    : Optional.empty(),
            "another name")
        .to(ServerParts.class, (parts, name, asked) -> parts.database(name))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.database())
                    .map(is -> is ? asked.value(DATABASE, String.class).orElse("") : "not there"))
        .build();
  }
}
