/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.DataSize;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sizes that {@link InstanceSize#atLeast} chooses from: Burstable up to 4 GiB, then the Ddsv5
 * (4 GiB a vCPU) and Edsv5 (8 GiB a vCPU) series. A size by name may be any that Azure has.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute">Compute
 *     options</a>
 */
final class ServerSizes {
  private static final Pattern NAME =
      Pattern.compile("standard_([bde])([0-9]{1,3}[a-z]*(?:_v[0-9]+)?)", Pattern.CASE_INSENSITIVE);
  private static final Pattern CPUS =
      Pattern.compile("standard_[bde]([0-9]{1,3})", Pattern.CASE_INSENSITIVE);
  private static final List<Size> SIZES =
      Stream.of(
              Stream.of(size("Standard_B1ms", 1, 2), size("Standard_B2s", 2, 4)),
              IntStream.of(2, 4, 8, 16, 32, 48, 64, 96)
                  .mapToObj(cpus -> size("Standard_D" + cpus + "ds_v5", cpus, cpus * 4L)),
              IntStream.of(2, 4, 8, 16, 20, 32, 48, 64)
                  .mapToObj(cpus -> size("Standard_E" + cpus + "ds_v5", cpus, cpus * 8L)),
              Stream.of(size("Standard_E96ds_v5", 96, 672)))
          .flatMap(sizes -> sizes)
          .sorted(java.util.Comparator.comparingInt(Size::cpus).thenComparing(Size::memory))
          .toList();

  static final int MOST_CPUS = SIZES.stream().mapToInt(Size::cpus).max().orElseThrow();
  static final long MOST_GIB =
      SIZES.stream().mapToLong(size -> size.memory().toGibExact()).max().orElseThrow();

  private record Size(String name, int cpus, DataSize memory) {}

  private ServerSizes() {}

  private static Size size(String name, int cpus, long gib) {
    return new Size(name, cpus, DataSize.gib(gib));
  }

  /** The SKU of a size; empty when Azure has none that is large enough, or of such a name. */
  static Optional<Sku> sku(InstanceSize asked, Availability availability) {
    Optional<String> name = asked.name();
    if (name.isPresent()) {
      return tier(name.get()).map(tier -> new Sku().withName(usual(name.get())).withTier(tier));
    }
    DataSize memory = asked.memory().orElse(DataSize.gib(0));
    int cpus = asked.cpus().orElse(0);
    return SIZES.stream()
        .filter(size -> size.cpus() >= cpus)
        .filter(size -> size.memory().compareTo(memory) >= 0)
        .flatMap(
            size ->
                tier(size.name()).stream()
                    // Burstable servers have no standby.
                    .filter(
                        tier ->
                            availability == Availability.ZONAL || !tier.equals(SkuTier.BURSTABLE))
                    .map(tier -> new Sku().withName(size.name()).withTier(tier)))
        .findFirst();
  }

  /** Tells whether a name is of one of the sizes that are chosen from. */
  static boolean isKnown(String name) {
    return SIZES.stream().anyMatch(size -> size.name().equalsIgnoreCase(name));
  }

  /** What a plan adds to a size by name, which the table cannot decide; empty of a known one. */
  static Optional<String> undecided(InstanceSize asked) {
    return asked
        .name()
        .filter(name -> !isKnown(name))
        .map(name -> "in no table of this release: whether the region has it, a catalog tells");
  }

  /** The vCores of a size, which its name tells; empty when the name is of no size. */
  static OptionalInt cpus(@Nullable String name) {
    Matcher matcher = CPUS.matcher(name == null ? "" : name);
    return matcher.lookingAt()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** The spelling that Azure's list of sizes has; it lists some in lower case, too. */
  private static String usual(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? "Standard_"
            + matcher.group(1).toUpperCase(Locale.ROOT)
            + matcher.group(2).toLowerCase(Locale.ROOT)
        : name;
  }

  /** Azure wants the tier beside the name, which begins with the tier's letter. */
  private static Optional<SkuTier> tier(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (matcher.group(1).toUpperCase(Locale.ROOT)) {
          case "B" -> SkuTier.BURSTABLE;
          case "D" -> SkuTier.GENERAL_PURPOSE;
          default -> SkuTier.MEMORY_OPTIMIZED;
        });
  }
}
