/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.ENGINE;
import static io.clouddb.instance.InstanceField.ENGINE_VERSION;
import static io.clouddb.instance.InstanceField.NAME;
import static io.clouddb.instance.InstanceField.SIZE;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.InCatalog;
import java.util.List;
import java.util.Optional;

/** Which database it is, and the machine that it runs on. */
final class EngineFields {
  // PROJECT:INSTANCE has to fit.
  private static final int LONGEST_NAME_WITH_PROJECT = 98;
  private static final String DATABASE_VERSION = "databaseVersion";

  private EngineFields() {}

  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(name(), engine(), version(), size());
  }

  /** The tier that is asked for; empty where a change leaves the size as it is. */
  static Optional<Tier> tier(Asked asked) {
    return asked.value(SIZE, InstanceSize.class).map(EngineFields::edition);
  }

  /** A tier of the size's edition, of the lesser one where the size is none. */
  private static Tier edition(InstanceSize size) {
    return Tier.of(size).orElseGet(() -> new Tier("", Tier.ENTERPRISE));
  }

  private static FieldRow<String, SeenInstance> name() {
    return FieldRow.<String, SeenInstance>of(NAME, String.class, "name")
        .only(
            "the project's id and the name have at most 97 characters together",
            (name, asked) ->
                (asked.facts(Place.class).project() + ":" + name).length()
                        > LONGEST_NAME_WITH_PROJECT
                    ? Optional.of("project and name together have more than 97 characters")
                    : Optional.empty(),
            "a shorter name")
        .to(InsertBody.class, (body, name, asked) -> body.instance().setName(name))
        .from((there, asked) -> Optional.ofNullable(there.instance().getName()))
        .build();
  }

  private static Optional<String> whyNot(Engine engine) {
    return engine.equals(Engine.POSTGRESQL)
        ? Optional.empty()
        : Optional.of("this provider makes PostgreSQL only");
  }

  private static FieldRow<Engine, SeenInstance> engine() {
    return FieldRow.<Engine, SeenInstance>of(ENGINE, Engine.class, DATABASE_VERSION)
        .only("PostgreSQL only", (engine, asked) -> whyNot(engine), Engine.POSTGRESQL.id())
        .shown((engine, asked) -> engine.equals(Engine.POSTGRESQL) ? "POSTGRES" : engine.toString())
        .from((there, asked) -> Optional.of(EngineVersion.engine(installed(there.instance()))))
        .build();
  }

  private static String installed(DatabaseInstance instance) {
    return instance.getDatabaseInstalledVersion() == null
        ? instance.getDatabaseVersion()
        : instance.getDatabaseInstalledVersion();
  }

  private static Optional<String> offered(String version) {
    return EngineVersion.databaseVersion(EngineVersion.major(version));
  }

  private static FieldRow<String, SeenInstance> version() {
    return FieldRow.<String, SeenInstance>of(ENGINE_VERSION, String.class, DATABASE_VERSION)
        .only(
            "PostgreSQL only",
            (version, asked) -> asked.value(ENGINE, Engine.class).flatMap(EngineFields::whyNot),
            "")
        .only(
            "9.6 or 10 to 18",
            (version, asked) ->
                offered(version).isPresent()
                    ? Optional.empty()
                    : Optional.of("Cloud SQL has no PostgreSQL " + version),
            "9.6 or 10 to 18")
        .only(ofTheEdition())
        .only(InCatalog.version(EngineVersion::major))
        .nearest(
            "a major version, since Cloud SQL chooses the minor one",
            (version, asked) ->
                EngineVersion.databaseVersion(version).isPresent()
                    ? Optional.empty()
                    : Optional.of("Cloud SQL chooses the minor version itself"))
        .shown((version, asked) -> offered(version).orElse(version))
        .to(
            InsertBody.class,
            (body, version, asked) ->
                body.instance().setDatabaseVersion(offered(version).orElseThrow()))
        .from((there, asked) -> Optional.of(installed(there.instance())))
        .same((version, actual, asked) -> isOf(version, String.valueOf(actual), asked))
        .build();
  }

  private static Condition<String> ofTheEdition() {
    int first = new Tier("", Tier.ENTERPRISE_PLUS).firstVersion();
    return new Condition<>(
        Tier.ENTERPRISE_PLUS + " from PostgreSQL " + first + " on",
        context -> context.edition().filter(Tier.ENTERPRISE::equals).isEmpty(),
        (version, asked) ->
            tier(asked)
                .filter(tier -> EngineVersion.number(version) < tier.firstVersion())
                .map(tier -> tier.edition() + " begins with PostgreSQL " + tier.firstVersion()),
        "a later version, or a size of " + Tier.ENTERPRISE);
  }

  /** A major version is fulfilled by each of its minor ones. */
  private static boolean isOf(String wanted, String installed, Asked asked) {
    String version = EngineVersion.version(installed);
    String prefix = asked.prefers(ENGINE_VERSION) ? EngineVersion.major(wanted) : wanted;
    return version.equals(prefix) || version.startsWith(prefix + ".");
  }

  private static FieldRow<InstanceSize, SeenInstance> size() {
    return FieldRow.<InstanceSize, SeenInstance>of(SIZE, InstanceSize.class, "settings.tier")
        .only(
            "a tier by name, or the smallest custom machine: 1 or an even number of vCPUs, 0.9 to"
                + " 6.5 GiB for each",
            (size, asked) -> Tier.whyNot(size),
            (size, asked) ->
                InCatalog.instead(size, asked)
                    .orElse(
                        "InstanceSize.named(...) with a tier such as db-custom-2-8192 or"
                            + " db-perf-optimized-N-8"))
        .only(InCatalog.size((size, asked) -> Tier.of(size).filter(Tier::isListed).map(Tier::name)))
        .limit("cpus.max", Tier.MOST_CPUS)
        .limit("memory.mib.min", Tier.LEAST_MEMORY_MIB)
        .shown(
            (size, asked) ->
                Tier.of(size).map(tier -> text(size, tier, asked)).orElseGet(size::toString))
        .noted(
            (size, asked) -> asked.catalog().isPresent() ? Optional.empty() : Tier.undecided(size))
        .to(
            InsertBody.class,
            (body, size, asked) -> {
              Tier tier = Tier.of(size).orElseThrow();
              body.settings().setTier(tier.name()).setEdition(tier.edition());
            })
        .to(
            PatchBody.class,
            (body, size, asked) -> {
              Tier tier = Tier.of(size).orElseThrow();
              body.settings().setTier(tier.name()).setEdition(tier.edition());
            })
        .from((there, asked) -> Optional.ofNullable(there.settings().getTier()))
        .same(
            (size, actual, asked) ->
                Tier.of(size).map(Tier::name).filter(actual::equals).isPresent())
        .build();
  }

  private static String text(InstanceSize size, Tier tier, Asked asked) {
    return tier.name()
        + " ("
        + tier.edition()
        + (asked.has(NAME) ? "" : withIt(tier, asked))
        + (size.name().isPresent()
            ? ")"
            : ", the smallest by the rules of Cloud SQL's custom machine types)");
  }

  /** What a change of the size brings with it, where the instance is not so already. */
  private static String withIt(Tier tier, Asked asked) {
    String disk =
        tier.hasHyperdisk() ? ", with a disk " + tier.ssd() + " to which the data is moved" : "";
    boolean namesLogs =
        asked.has(InstanceField.POINT_IN_TIME) && asked.has(InstanceField.BACKUP_RETENTION);
    return tier.edition().equals(Tier.ENTERPRISE) && !namesLogs
        ? disk + ", which keeps " + tier.mostLogDays() + " days of logs at most"
        : disk;
  }
}
