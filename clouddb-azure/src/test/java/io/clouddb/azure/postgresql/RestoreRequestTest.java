/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.json;
import static io.clouddb.azure.postgresql.ServerJson.sent;
import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is noted of a restore's source, and what becomes of it in requests. */
class RestoreRequestTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  private static final ArmScope SCOPE = new ArmScope("sub", "group", "koreacentral");
  private static final ResourceId ORDERS = SCOPE.instance("orders");
  private static final RestoreSpec SPEC = RestoreSpec.of(ORDERS).latest().named("again");
  private static final String INSIDE =
      "'network':{'delegatedSubnetResourceId':'/subnet','privateDnsZoneArmResourceId':'/zone'}";
  private static final String KEYED =
      "'dataEncryption':{'type':'AzureKeyVault','primaryKeyURI':'https://v/keys/k',"
          + "'primaryUserAssignedIdentityId':'/identity'}";
  private static final String GEO = "'backup':{'geoRedundantBackup':'Enabled'}";
  private static final String CLOSED = "'network':{'publicNetworkAccess':'Disabled'}";
  private static final GeoBackupKey SECOND =
      new GeoBackupKey("https://w/keys/k", "/other-identity");

  private static StepContext noted(RestoreSpec spec, CreateMode mode, String shown) {
    RestoreSource source =
        new RestoreSource(
            ServerArmId.of(ORDERS),
            mode,
            NOW,
            null,
            server("{'name':'orders'," + shown + "}"),
            ServerAsItIs.Disk.UNKNOWN,
            Map.of("work_mem", "8192", "search_path", "\"$user\", a=b&c"),
            Map.of("office", new AddressRange("203.0.113.1", "203.0.113.9")),
            SECOND);
    OperationState state =
        OperationState.begin(
            BackupDriver.RESTORE.id(), SCOPE.instance("again"), "attempt-1", NOW, spec);
    return context(RestoreNotes.noted(state, spec, source));
  }

  private static StepContext context(OperationState state) {
    return new StepContext(state, new Customizations(List.of()), secret -> "", NOW);
  }

  private static JsonNode body(RestoreSpec spec, CreateMode mode, String shown) {
    return sent(new RestoreRequest(SCOPE).document(noted(spec, mode, shown)));
  }

  @Test
  void inItsRegionItHasNetworkKeyAndGeoRedundancyOfItsSource() {
    assertThat(
            body(
                SPEC.tag("of", "restore"),
                CreateMode.POINT_IN_TIME_RESTORE,
                "'tags':{'of':'source','team':'shop','clouddb-attempt':'0'},'properties':{"
                    + String.join(",", INSIDE, KEYED, GEO)
                    + "}"))
        .isEqualTo(
            json(
                "{'location':'koreacentral',"
                    + "'tags':{'of':'restore','team':'shop','clouddb-attempt':'attempt-1'},"
                    + "'identity':{'userAssignedIdentities':{'/identity':{},'/other-identity':{}},"
                    + "'type':'UserAssigned'},"
                    + "'properties':{'createMode':'PointInTimeRestore','sourceServerResourceId':'"
                    + ServerArmId.of(ORDERS)
                    + "','pointInTimeUTC':'2026-01-10T12:00:00Z',"
                    + String.join(",", INSIDE, GEO)
                    + ",'dataEncryption':{'type':'AzureKeyVault',"
                    + "'primaryKeyURI':'https://v/keys/k',"
                    + "'primaryUserAssignedIdentityId':'/identity',"
                    + "'geoBackupKeyURI':'https://w/keys/k',"
                    + "'geoBackupUserAssignedIdentityId':'/other-identity'}}}"));
  }

  /** A second key is for backups in the paired region only. */
  @Test
  void withoutGeoRedundancyItHasNoSecondKey() {
    assertThat(
            body(SPEC, CreateMode.POINT_IN_TIME_RESTORE, "'properties':{" + KEYED + "}")
                .at("/properties/dataEncryption"))
        .isEqualTo(json("{" + KEYED + "}").at("/dataEncryption"));
  }

  /** Left out, a server has public access, and the source has none. */
  @Test
  void whatPrivateEndpointsAloneReachIsMadeSo() {
    for (CreateMode mode : List.of(CreateMode.POINT_IN_TIME_RESTORE, CreateMode.GEO_RESTORE)) {
      assertThat(body(SPEC, mode, "'properties':{" + CLOSED + "}").at("/properties/network"))
          .isEqualTo(json("{'publicNetworkAccess':'Disabled'}"));
      assertThat(
              body(
                      SPEC.network(Network.publicAccess("203.0.113.0/24")),
                      mode,
                      "'properties':{" + CLOSED + "}")
                  .at("/properties/network"))
          .isEqualTo(json("{'publicNetworkAccess':'Enabled'}"));
    }
  }

  /** Of a source that has public access too, nothing needs to be said. */
  @Test
  void whatIsPublicIsNotSaidToBe() {
    assertThat(
            body(
                    SPEC.network(Network.publicAccess("203.0.113.0/24")),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    "'properties':{'network':{'publicNetworkAccess':'Enabled'}}")
                .at("/properties/network")
                .isMissingNode())
        .isTrue();
  }

  /** "Geo-redundant backup can be configured only at the time of server creation." */
  @Test
  void geoRedundantBackupIsAskedForInThePairToo() {
    assertThat(
            body(SPEC, CreateMode.GEO_RESTORE, "'properties':{" + GEO + "}")
                .at("/properties/backup/geoRedundantBackup")
                .asText())
        .isEqualTo("Enabled");
  }

  /** Nor where its region has none: then the advice would help nobody either. */
  @Test
  void geoRedundantBackupCanBeLeftOut() {
    StepContext asked = noted(SPEC, CreateMode.GEO_RESTORE, "'properties':{" + GEO + "}");
    assertThat(new RestoreNotes(asked).advice().orElseThrow())
        .contains("Where Azure has none in koreacentral, leave it out");
    StepContext without = context(RestoreNotes.withoutGeoRedundancy(asked.state()));
    assertThat(
            sent(new RestoreRequest(SCOPE).document(without))
                .at("/properties/backup")
                .isMissingNode())
        .isTrue();
    assertThat(new RestoreNotes(without).advice()).isEmpty();
  }

  /** Azure ignores the case of both, and would keep one of two. */
  @Test
  void whatIsAskedForReplacesWhatHasItsNameInAnotherCase() {
    StepContext context =
        noted(
            SPEC.tag("env", "test").parameter("WORK_MEM", "16384"),
            CreateMode.POINT_IN_TIME_RESTORE,
            "'tags':{'Env':'prod','Team':'shop'},'properties':{}");
    assertThat(new RestoreRequest(SCOPE).body(context).tags())
        .containsOnly(
            Map.entry("env", "test"),
            Map.entry("Team", "shop"),
            Map.entry("clouddb-attempt", "attempt-1"));
    assertThat(new RestoreNotes(context).parameters())
        .containsOnly(Map.entry("WORK_MEM", "16384"), Map.entry("search_path", "\"$user\", a=b&c"));
  }

  /** Subnets, identities and pairs are of a region. */
  @Test
  void inAnotherOneItHasNoneOfThem() {
    JsonNode body =
        body(
            SPEC,
            CreateMode.GEO_RESTORE,
            "'properties':{" + String.join(",", INSIDE, KEYED, GEO) + "}");
    assertThat(body.at("/properties").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("createMode", "sourceServerResourceId", "pointInTimeUTC");
    assertThat(body.at("/identity").isMissingNode()).isTrue();
  }

  @Test
  void whatAzureLosesIsKeptForTheStepsThatSetItAgain() {
    StepContext context =
        noted(
            SPEC.parameter("work_mem", "16384")
                .size(InstanceSize.named("Standard_D4ds_v5"))
                .availability(Availability.REGIONAL),
            CreateMode.POINT_IN_TIME_RESTORE,
            "'properties':{'maintenanceWindow':{'customWindow':'Enabled','dayOfWeek':0,"
                + "'startHour':4,'startMinute':30}}");
    RestoreNotes notes = new RestoreNotes(context);
    assertThat(notes.parameters())
        .containsOnly(Map.entry("work_mem", "16384"), Map.entry("search_path", "\"$user\", a=b&c"));
    assertThat(notes.rules()).containsOnly(Map.entry("office", "203.0.113.1 203.0.113.9"));
    var change = RestoreRequest.change(context).orElseThrow();
    assertThat(change.size()).contains(InstanceSize.named("Standard_D4ds_v5"));
    assertThat(change.availability()).contains(Availability.REGIONAL);
    assertThat(change.maintenance())
        .contains(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)));
  }

  @Test
  void nothingIsChangedAfterwardsWhereNothingIsAskedFor() {
    assertThat(
            RestoreRequest.change(
                noted(
                    SPEC.availability(Availability.ZONAL),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    "'properties':{'maintenanceWindow':{'customWindow':'Disabled'}}")))
        .isEmpty();
  }

  /** "Nothing is lost in silence": Azure restores a server without its standby. */
  @Test
  void aZoneRedundantStandbyIsMadeAgainInItsRegion() {
    String standby = "'properties':{'highAvailability':{'mode':'ZoneRedundant'}}";
    assertThat(
            RestoreRequest.change(noted(SPEC, CreateMode.POINT_IN_TIME_RESTORE, standby))
                .orElseThrow()
                .availability())
        .contains(Availability.REGIONAL);
    InstanceSize burstable = InstanceSize.named("Standard_B2s");
    assertThat(
            RestoreRequest.change(
                    noted(SPEC.size(burstable), CreateMode.POINT_IN_TIME_RESTORE, standby))
                .orElseThrow()
                .availability())
        .isEmpty();
    assertThat(
            RestoreRequest.change(
                noted(
                    SPEC.availability(Availability.ZONAL),
                    CreateMode.POINT_IN_TIME_RESTORE,
                    standby)))
        .isEmpty();
    assertThat(RestoreRequest.change(noted(SPEC, CreateMode.GEO_RESTORE, standby))).isEmpty();
    assertThat(
            RestoreRequest.change(
                noted(
                    SPEC,
                    CreateMode.POINT_IN_TIME_RESTORE,
                    "'properties':{'highAvailability':{'mode':'SameZone'}}")))
        .isEmpty();
  }

  @Test
  void notesThatWereRewrittenAreRefused() {
    StepContext context = noted(SPEC, CreateMode.POINT_IN_TIME_RESTORE, "'properties':{}");
    RestoreNotes noMoment = new RestoreNotes(context(context.state().with("moment", "soon")));
    assertThatThrownBy(noMoment::moment).isInstanceOf(InvalidArgumentException.class);
    RestoreNotes noMap = new RestoreNotes(context(context.state().with("rules", "office")));
    assertThatThrownBy(noMap::rules).isInstanceOf(InvalidArgumentException.class);
    RestoreNotes noText = new RestoreNotes(context(context.state().with("rules", "a=%zz")));
    assertThatThrownBy(noText::rules).isInstanceOf(InvalidArgumentException.class);
  }
}
