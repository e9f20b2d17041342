/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.aws.rds.RdsFields.MODIFY;
import static io.clouddb.instance.InstanceField.AVAILABILITY;
import static io.clouddb.instance.InstanceField.DATABASE;
import static io.clouddb.instance.InstanceField.ENGINE;
import static io.clouddb.instance.InstanceField.ENGINE_VERSION;
import static io.clouddb.instance.InstanceField.NAME;
import static io.clouddb.instance.InstanceField.SIZE;

import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.InCatalog;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs, how large and how available it is. */
final class EngineFields {
  private static final String POSTGRES = "postgres";
  private static final int OLDEST_MAJOR = 11;

  /** The major versions of which RDS chooses the minor one; of others a plan says what it lacks. */
  private static final Set<String> KNOWN = Set.of("13", "14", "15", "16", "17", "18");

  private static final Pattern VERSION = Pattern.compile("([0-9]{2,3})(\\.[0-9]{1,3})?");

  private EngineFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(name(), engine(), version(), size(), availability(), database());
  }

  /** The major version that a text names; 0 when it names none. */
  static int major(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** The family of parameter groups, for example {@code postgres16}. */
  static String family(String version) {
    return POSTGRES + major(version);
  }

  private static FieldRow<String, InstanceAsItIs> name() {
    return FieldRow.<String, InstanceAsItIs>of(NAME, String.class, "DBInstanceIdentifier")
        .to(CREATE, (request, name, asked) -> request.dbInstanceIdentifier(name))
        .from((there, asked) -> Optional.ofNullable(there.instance().dbInstanceIdentifier()))
        .build();
  }

  private static FieldRow<Engine, InstanceAsItIs> engine() {
    return FieldRow.<Engine, InstanceAsItIs>of(ENGINE, Engine.class, "Engine")
        .only(
            new Condition<>(
                "PostgreSQL only",
                // Of another engine nothing is told by the capabilities at all.
                context -> context.engine().isEmpty(),
                (engine, asked) ->
                    engine.equals(Engine.POSTGRESQL)
                        ? Optional.empty()
                        : Optional.of("this release makes no " + engine + " on RDS"),
                Engine.POSTGRESQL.toString()))
        .shown((engine, asked) -> engine.equals(Engine.POSTGRESQL) ? POSTGRES : engine.toString())
        .to(CREATE, (request, engine, asked) -> request.engine(POSTGRES))
        .from((there, asked) -> Optional.ofNullable(there.instance().engine()))
        .build();
  }

  private static FieldRow<String, InstanceAsItIs> version() {
    return FieldRow.<String, InstanceAsItIs>of(ENGINE_VERSION, String.class, "EngineVersion")
        .only(
            "Versions from " + OLDEST_MAJOR + " on",
            (version, asked) ->
                major(version) >= OLDEST_MAJOR
                    ? Optional.empty()
                    : Optional.of("RDS has no PostgreSQL " + version),
            "a version from " + OLDEST_MAJOR + " on, such as 16 or 16.4")
        .only(InCatalog.version())
        .noted(
            (version, asked) ->
                KNOWN.contains(version) || asked.catalog().isPresent()
                    ? Optional.empty()
                    : Optional.of("whether RDS has it, a catalog tells"))
        .limit("major.min", OLDEST_MAJOR)
        .to(CREATE, (request, version, asked) -> request.engineVersion(version))
        .from((there, asked) -> Optional.ofNullable(there.instance().engineVersion()))
        // RDS chooses the minor version where only the major one is asked for.
        .same(
            (version, actual, asked) ->
                version.equals(actual) || actual.toString().startsWith(version + "."))
        .build();
  }

  private static FieldRow<InstanceSize, InstanceAsItIs> size() {
    return InstanceClasses.<InstanceAsItIs>row(SIZE)
        .only(InCatalog.size((size, asked) -> InstanceClasses.choose(size)))
        .noted(
            (size, asked) ->
                asked.catalog().isPresent() ? Optional.empty() : InstanceClasses.undecided(size))
        .to(
            CREATE,
            (request, size, asked) ->
                request.dbInstanceClass(InstanceClasses.choose(size).orElseThrow()))
        .to(
            MODIFY,
            (request, size, asked) ->
                request.dbInstanceClass(InstanceClasses.choose(size).orElseThrow()))
        .from((there, asked) -> Optional.ofNullable(there.instance().dbInstanceClass()))
        .build();
  }

  private static FieldRow<Availability, InstanceAsItIs> availability() {
    return FieldRow.<Availability, InstanceAsItIs>of(AVAILABILITY, Availability.class, "MultiAZ")
        .shown((wanted, asked) -> wanted == Availability.REGIONAL)
        .to(CREATE, (request, wanted, asked) -> request.multiAZ(wanted == Availability.REGIONAL))
        .to(MODIFY, (request, wanted, asked) -> request.multiAZ(wanted == Availability.REGIONAL))
        .from((there, asked) -> Optional.ofNullable(there.instance().multiAZ()))
        .build();
  }

  /** RDS tells with which database an instance was made, and not which ones SQL has made since. */
  private static FieldRow<String, InstanceAsItIs> database() {
    return FieldRow.<String, InstanceAsItIs>of(DATABASE, String.class, "DBName")
        .only(
            "The name begins with a letter",
            (name, asked) ->
                Character.isLetter(name.charAt(0))
                    ? Optional.empty()
                    : Optional.of("on RDS the name of a database begins with a letter"),
            "another name, or CREATE DATABASE afterwards")
        .to(CREATE, (request, name, asked) -> request.dbName(name))
        .from((there, asked) -> Optional.ofNullable(there.instance().dbName()))
        .build();
  }
}
