/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backups;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Network;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a look at its source says of a restore. */
class RestoreCheckTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  private static final String NET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
  private static final String SUBNET = NET + "/virtualNetworks/v/subnets/db";
  private static final String ZONE = NET + "/privateDnsZones/shop.postgres.database.azure.com";
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders");
  private static final ResourceId AGAIN =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "again");
  private static final RestoreSpec SPEC = RestoreSpec.of(ORDERS).at(NOW).named("again");
  private static final String BACKED_UP =
      "'backup':{'earliestRestoreDate':'2026-01-03T12:00:00Z','geoRedundantBackup':'Disabled'}";

  private static void check(RestoreSpec spec, ServerInner request, CreateMode mode, String server) {
    check(spec, request, mode, server, new ServerAsItIs.Disk("", "Disabled"));
  }

  private static void check(
      RestoreSpec spec,
      ServerInner request,
      CreateMode mode,
      String server,
      ServerAsItIs.Disk disk) {
    check(spec, request, mode, server, disk, null);
  }

  private static void check(
      RestoreSpec spec,
      ServerInner request,
      CreateMode mode,
      String server,
      ServerAsItIs.Disk disk,
      @Nullable ListedBackup backup) {
    RestoreSource source =
        new RestoreSource(
            ServerArmId.of(ORDERS),
            mode,
            backup == null ? spec.moment().orElse(NOW) : Objects.requireNonNull(backup.completed()),
            backup,
            server("{'name':'orders'," + server + "}"),
            disk,
            Map.of(),
            Map.of(),
            null);
    new RestoreCheck(AGAIN, spec, source, NOW).orThrow(request);
  }

  private static String refused(RestoreSpec spec, ServerInner request, String server) {
    return refused(spec, request, CreateMode.POINT_IN_TIME_RESTORE, server);
  }

  private static String refused(
      RestoreSpec spec, ServerInner request, CreateMode mode, String server) {
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class, () -> check(spec, request, mode, server));
    assertThat(e).isNotNull();
    assertThat(e.nextStep().orElseThrow()).startsWith("Nothing was done. ");
    return String.valueOf(e.getMessage());
  }

  @Test
  void aMomentOfTheWindowOfAPublicServerPasses() {
    assertThatCode(
            () ->
                check(
                    SPEC,
                    new ServerInner(),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    "'properties':{" + BACKED_UP + "}"))
        .doesNotThrowAnyException();
  }

  @Test
  void aMomentOutsideOfTheWindowDoesNot() {
    String there = "'properties':{" + BACKED_UP + "}";
    assertThat(refused(SPEC.at(Instant.parse("2026-01-03T11:59:59Z")), new ServerInner(), there))
        .contains("before the earliest moment, 2026-01-03T12:00:00Z");
    assertThat(refused(SPEC.at(Instant.parse("2026-01-10T12:00:01Z")), new ServerInner(), there))
        .contains("still to come");
    assertThat(refused(SPEC, new ServerInner(), "'properties':{'backup':{}}"))
        .contains("has no backup yet");
  }

  /** Azure would take the request, and end it as failed some minutes later. */
  @Test
  void theLatestOfAServerWithoutABackupDoesNotPass() {
    RestoreSpec latest = RestoreSpec.of(ORDERS).latest().named("again");
    assertThat(refused(latest, new ServerInner(), "'properties':{'backup':{}}"))
        .contains("has no backup yet");
    assertThatCode(
            () ->
                check(
                    latest,
                    new ServerInner(),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    "'properties':{" + BACKED_UP + "}"))
        .doesNotThrowAnyException();
  }

  private static void checkBackup(String type, String completed) {
    ResourceId id =
        ResourceId.of("azure", "sub/group", "koreacentral", Backups.KIND, "orders/nightly");
    check(
        RestoreSpec.from(id).named("again"),
        new ServerInner(),
        CreateMode.POINT_IN_TIME_RESTORE,
        "'properties':{" + BACKED_UP + "}",
        new ServerAsItIs.Disk("", "Disabled"),
        new ListedBackup(
            new BackupArmId(ServerArmId.of(ORDERS), "nightly"),
            type,
            "Automatic",
            Instant.parse(completed)));
  }

  /** Azure lists one a day longer than it restores it. */
  @Test
  void anAutomatedBackupIsAsOldAsTheWindowAtMostAndOneByHandIsNot() {
    assertThatThrownBy(() -> checkBackup("Full", "2026-01-02T12:00:00Z"))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("2026-01-02T12:00:00Z is before the earliest moment");
    assertThatCode(
            () -> {
              checkBackup("Full", "2026-01-03T12:00:00Z");
              checkBackup(ListedBackup.ON_DEMAND, "2026-01-02T12:00:00Z");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void publicStaysPublicAndPrivateStaysPrivate() {
    assertThat(
            refused(
                SPEC.network(Network.privateNetwork(SUBNET).dnsZone(ZONE)),
                new ServerInner(),
                "'properties':{" + BACKED_UP + "}"))
        .contains("it is a public server, and is restored as one only");
    String inside =
        "'properties':{%s,'network':{'delegatedSubnetResourceId':'%s'}}"
            .formatted(BACKED_UP, SUBNET);
    assertThat(refused(SPEC.network(Network.publicAccess("10.0.0.0/8")), new ServerInner(), inside))
        .contains("it is in a private network, and is restored into one only");
  }

  @Test
  void whatPrivateEndpointsReachIsRestoredWithPublicAccessOrWithout() {
    String closed = "'properties':{" + BACKED_UP + ",'network':{'publicNetworkAccess':'Disabled'}}";
    for (RestoreSpec spec : List.of(SPEC, SPEC.network(Network.publicAccess("10.0.0.0/8")))) {
      assertThatCode(() -> check(spec, new ServerInner(), CreateMode.POINT_IN_TIME_RESTORE, closed))
          .doesNotThrowAnyException();
    }
  }

  /** "The server uses two separate encryption keys": with one Azure would refuse it for ever. */
  @Test
  void aKeyAndGeoRedundantBackupNeedASecondKey() {
    ServerInner keyed =
        RestoreTable.write(
                new ServerInner(), SPEC.encryptionKey("https://v.vault.azure.net/keys/k1"))
            .withBackup(new Backup().withGeoRedundantBackup(GeoRedundantBackupEnum.ENABLED));
    assertThat(refused(SPEC, keyed, "'properties':{" + BACKED_UP + "}"))
        .contains("need a second key there, and Azure shows none of orders");
  }

  @Test
  void aReplicaIsNotRestored() {
    assertThat(
            refused(
                SPEC,
                new ServerInner(),
                "'properties':{"
                    + BACKED_UP
                    + ",'sourceServerResourceId':'"
                    + ServerArmId.of(AGAIN)
                    + "'}"))
        .contains("it is a read replica");
  }

  @Test
  void inAnotherRegionItIsOfAServerThatIsAnHourOldAndGeoRedundant() {
    RestoreSpec latest = RestoreSpec.of(ORDERS).latest().named("again");
    String old = "'systemData':{'createdAt':'2026-01-01T00:00:00Z'},";
    String young = "'systemData':{'createdAt':'2026-01-10T11:30:00Z'},";
    String geo = "'properties':{'backup':{'geoRedundantBackup':'Enabled'}}";
    assertThatCode(() -> check(latest, new ServerInner(), CreateMode.GEO_RESTORE, old + geo))
        .doesNotThrowAnyException();
    assertThat(refused(latest, new ServerInner(), CreateMode.GEO_RESTORE, young + geo))
        .contains("less than an hour ago");
    assertThat(
            refused(
                latest,
                new ServerInner(),
                CreateMode.GEO_RESTORE,
                old + "'properties':{" + BACKED_UP + "}"))
        .contains("kept in koreacentral only");
  }

  @Test
  void aKeyNeedsAnIdentityAndADiskTheKindThatCanBeAskedFor() {
    String there = "'properties':{" + BACKED_UP + "}";
    ServerInner keyed =
        RestoreTable.write(
            new ServerInner(), SPEC.encryptionKey("https://v.vault.azure.net/keys/k1"));
    assertThat(refused(SPEC, keyed, there)).contains("no user assigned identity of koreacentral");
    assertThat(
            catchThrowableOfType(
                ConditionFailedException.class,
                () ->
                    check(
                        SPEC,
                        new ServerInner(),
                        CreateMode.POINT_IN_TIME_RESTORE,
                        there,
                        new ServerAsItIs.Disk("PremiumV2_LRS", null))))
        .hasMessageContaining("its disk is PremiumV2_LRS");
  }

  @Test
  void itHasNoMoreTagsThanAzureTakes() {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < 51; i++) {
      tags.put("t" + i, "v");
    }
    String there = "'properties':{" + BACKED_UP + "}";
    assertThat(refused(SPEC, new ServerInner().withTags(tags), there))
        .contains("more than 50 tags");
    tags.remove("t0");
    assertThatCode(
            () ->
                check(
                    SPEC,
                    new ServerInner().withTags(tags),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    there))
        .doesNotThrowAnyException();
  }
}
