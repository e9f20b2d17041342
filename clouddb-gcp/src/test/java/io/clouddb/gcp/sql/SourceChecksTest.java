/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an instance has to be so that a replica can follow it: only a look at it tells. */
class SourceChecksTest {
  private static final String FAR = "europe-west1";
  private static final String KEY = "projects/p/locations/%s/keyRings/r/cryptoKeys/k";
  private static final ReplicaSpec LEAST = ReplicaSpec.named("reader").of(Stepwise.id("orders"));

  private static DatabaseInstance source() {
    return new DatabaseInstance()
        .setName("orders")
        .setProject("shop-project")
        .setRegion(REGION)
        .setState("RUNNABLE")
        .setInstanceType("CLOUD_SQL_INSTANCE")
        .setDatabaseVersion("POSTGRES_16")
        .setSettings(
            new Settings()
                .setActivationPolicy("ALWAYS")
                .setIpConfiguration(
                    new IpConfiguration().setPrivateNetwork("projects/p/global/networks/main"))
                .setBackupConfiguration(new BackupConfiguration().setEnabled(true)));
  }

  private static Optional<CloudDbException> wrong(
      ReplicaSpec spec, String region, DatabaseInstance source) {
    return SourceChecks.of(spec, region, source, name -> Optional.empty());
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(s -> s.setState("PENDING_CREATE"), LEAST, "orders does not run (PENDING_CREATE)"),
        wrong(
            s -> s.getSettings().setActivationPolicy("NEVER"),
            LEAST,
            "orders does not run (RUNNABLE, stopped)"),
        wrong(
            s -> s.getSettings().setBackupConfiguration(null),
            LEAST,
            "orders has no automated backups"),
        wrong(
            s -> s.getSettings().getBackupConfiguration().setEnabled(false),
            LEAST,
            "orders has no automated backups"),
        wrong(
            s -> s.getSettings().setConnectorEnforcement("REQUIRED"),
            LEAST,
            "orders enforces connectors"),
        wrong(
            s -> s.setReplicaNames(Collections.nCopies(10, "each")),
            LEAST,
            "orders has 10 replicas"),
        wrong(
            s -> {},
            LEAST.network(Network.privateNetwork("projects/p/global/networks/other")),
            "which is projects/p/global/networks/main, not in projects/p/global/networks/other"),
        wrong(
            s -> s.getSettings().setIpConfiguration(null),
            LEAST.network(Network.privateNetwork("projects/p/global/networks/main")),
            "which is none, not in projects/p/global/networks/main"),
        wrong(
            s -> s.setDatabaseVersion("POSTGRES_9_6"),
            LEAST.size(InstanceSize.named("db-perf-optimized-N-2")),
            "orders is of PostgreSQL 9.6, and ENTERPRISE_PLUS, which sells db-perf-optimized-N-2,"
                + " begins with 12"));
  }

  private static Arguments wrong(Consumer<DatabaseInstance> change, ReplicaSpec spec, String why) {
    return Arguments.of(why, change, spec);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void whatItIsNotIsSaidBeforeAnythingIsMade(
      String why, Consumer<DatabaseInstance> change, ReplicaSpec spec) {
    DatabaseInstance source = source();
    assertThat(wrong(LEAST, REGION, source)).as("as it is").isEmpty();
    change.accept(source);
    assertThat(wrong(spec, REGION, source))
        .hasValueSatisfying(
            e -> {
              assertThat(e).isInstanceOf(ConditionFailedException.class).hasMessageContaining(why);
              assertThat(e.nextStep()).get().asString().contains("nothing was made");
            });
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    DatabaseInstance source = source().setSettings(null).setState("FAILED");
    assertThat(wrong(LEAST.encryptionKey(KEY.formatted(REGION)), REGION, source))
        .hasValueSatisfying(
            e ->
                assertThat(e)
                    .hasMessageContainingAll(
                        "orders cannot have the replica reader",
                        "does not run (FAILED)",
                        "no automated backups",
                        "no key of its own"));
  }

  @Test
  void whatFitsIsTaken() {
    for (ReplicaSpec spec :
        new ReplicaSpec[] {
          LEAST.network(Network.privateNetwork("projects/p/global/networks/main")),
          LEAST.network(Network.publicAccess("192.0.2.0/24")),
          LEAST.size(InstanceSize.named("db-perf-optimized-N-2"))
        }) {
      assertThat(wrong(spec, FAR, source())).as(spec.toJson()).isEmpty();
    }
    DatabaseInstance old = source().setDatabaseVersion("POSTGRES_9_6");
    assertThat(wrong(LEAST.size(InstanceSize.named("db-custom-2-8192")), FAR, old)).isEmpty();
    DatabaseInstance replica =
        source().setInstanceType("READ_REPLICA_INSTANCE").setMasterInstanceName("shop-project:top");
    replica.getSettings().setBackupConfiguration(null);
    assertThat(wrong(LEAST, FAR, replica)).as("a replica has no backups, and replicas").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // the source has a key, the replica's region, the key that is asked for, what is wrong
    "true, asia-northeast3, , ",
    "true, asia-northeast3, asia-northeast3, ",
    "true, asia-northeast3, europe-west1, has the key of its source",
    "true, europe-west1, , say by encryptionKey which one of europe-west1",
    "true, europe-west1, europe-west1, ",
    "false, europe-west1, europe-west1, has no key of its own",
    "false, europe-west1, , "
  })
  void aKeyIsOfTheReplicasRegionWhereItsSourceHasOne(
      boolean has, String region, String asked, String why) {
    DatabaseInstance source = source();
    source.setDiskEncryptionConfiguration(
        new DiskEncryptionConfiguration().setKmsKeyName(has ? KEY.formatted(REGION) : ""));
    ReplicaSpec spec = asked == null ? LEAST : LEAST.encryptionKey(KEY.formatted(asked));
    Optional<CloudDbException> wrong = wrong(spec, region, source);
    if (why == null) {
      assertThat(wrong).isEmpty();
    } else {
      assertThat(wrong).hasValueSatisfying(e -> assertThat(e).hasMessageContaining(why));
    }
  }

  @ParameterizedTest
  @CsvSource({"one, true", "two, true", "three, true", "four, false"})
  void replicasGoFourLevelsDeep(String source, boolean fits) {
    Map<String, String> above = Map.of("four", "three", "three", "two", "two", "one");
    DatabaseInstance found = source().setName(source).setMasterInstanceName(above.get(source));
    Optional<CloudDbException> wrong =
        SourceChecks.of(
            LEAST,
            FAR,
            found,
            name -> Optional.of(source().setName(name).setMasterInstanceName(above.get(name))));
    assertThat(wrong.isEmpty()).isEqualTo(fits);
  }
}
