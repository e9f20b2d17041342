/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.DataSize;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Conditions that a catalog decides, where the plan is made with one. Capabilities do not tell
 * them: they are asked for without.
 */
public final class InCatalog {
  private static final String TEXT = "In the catalog, where there is one";

  private InCatalog() {}

  /**
   * The condition of a version that goes into the request as it is asked for.
   *
   * @return refuses what the catalog lacks, and names what it has
   */
  public static Condition<String> version() {
    return version(version -> version);
  }

  /**
   * The condition of a version.
   *
   * @param chosen what the request would have of it, for example its major version alone
   * @return refuses what the catalog lacks, and names what it has
   */
  public static Condition<String> version(UnaryOperator<String> chosen) {
    return new Condition<>(
        TEXT,
        context -> false,
        (version, asked) ->
            asked
                .catalog()
                .filter(catalog -> !catalog.offers(chosen.apply(version)))
                .map(catalog -> where(catalog) + " has no " + catalog.engine() + " " + version),
        (version, asked) -> asked.catalog().map(InCatalog::versions).orElse(""));
  }

  /**
   * The condition of a size.
   *
   * @param chosen the name of the size that a request would have; empty where a rule of the cloud
   *     decides, and no list
   * @return refuses what the catalog lacks, and what does not go with the version or the
   *     availability that is asked for
   */
  public static Condition<InstanceSize> size(
      BiFunction<InstanceSize, Asked, Optional<String>> chosen) {
    return new Condition<>(
        TEXT,
        context -> false,
        (size, asked) ->
            asked
                .catalog()
                .flatMap(
                    catalog ->
                        chosen.apply(size, asked).flatMap(name -> whyNot(catalog, name, asked))),
        (size, asked) -> instead(size, asked).orElse("one of catalog.sizes()"));
  }

  /**
   * What can be asked for in place of the least that is asked for.
   *
   * @param size what is asked for
   * @param asked with what
   * @return the smallest of the catalog that does; empty when there is none, the size is one by
   *     name, or the plan is made without a catalog
   */
  public static Optional<String> instead(InstanceSize size, Asked asked) {
    if (size.cpus().isEmpty() || size.memory().isEmpty()) {
      return Optional.empty();
    }
    int cpus = size.cpus().get();
    DataSize memory = size.memory().get();
    return asked
        .catalog()
        .flatMap(
            catalog ->
                catalog.atLeast(cpus, memory).stream()
                    .filter(each -> whyNot(catalog, each.name(), asked).isEmpty())
                    .findFirst())
        .map(
            each ->
                "InstanceSize.named(\"" + each.name() + "\"), the catalog's smallest that does");
  }

  private static Optional<String> whyNot(Catalog catalog, String name, Asked asked) {
    Optional<CatalogSize> found = catalog.size(name);
    if (found.isEmpty()) {
      return Optional.of(where(catalog) + " has no size " + name);
    }
    Optional<String> version = asked.value(InstanceField.ENGINE_VERSION, String.class);
    if (!version.map(found.get()::runs).orElse(true)) {
      return Optional.of(
          where(catalog)
              + " has "
              + name
              + " not with "
              + catalog.engine()
              + " "
              + version.orElseThrow());
    }
    return asksForRegional(asked) && !found.get().regional().orElse(true)
        ? Optional.of(where(catalog) + " has " + name + " not with a standby in another zone")
        : Optional.empty();
  }

  private static boolean asksForRegional(Asked asked) {
    return asked
        .value(InstanceField.AVAILABILITY, Availability.class)
        .filter(Availability.REGIONAL::equals)
        .isPresent();
  }

  private static String versions(Catalog catalog) {
    return catalog.versions().stream()
        .map(CatalogVersion::version)
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  private static String where(Catalog catalog) {
    return catalog.location() + ", as its catalog was at " + catalog.readAt() + ",";
  }
}
