/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** What an operation asks for: its specification, the caller's own changes, and what was noted. */
class RequestsOfOperationsTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PW");

  private static StepContext context(Specification asked, Native... own) {
    OperationState state =
        OperationState.begin(
            InstanceDriver.MODIFY.id(),
            ResourceId.of("aws", "", "eu-west-1", "instance", "orders"),
            "0123",
            Instant.EPOCH,
            asked);
    return new StepContext(
        state, new Customizations(List.of(own)), SecretRef::resolve, Instant.EPOCH);
  }

  private static InstanceSpec.Builder spec() {
    return RdsTestCloud.spec("orders").admin(AdminLogin.of("app_admin", PASSWORD));
  }

  private static CreateRequest creation(InstanceSpec.Builder spec, Native... own) {
    return new CreateRequest("aws", context(spec.build(), own));
  }

  private static Native created(Consumer<CreateDbInstanceRequest.Builder> change) {
    return Native.customize(CreateDbInstanceRequest.Builder.class, change);
  }

  private static Native modified(Consumer<ModifyDbInstanceRequest.Builder> change) {
    return Native.customize(ModifyDbInstanceRequest.Builder.class, change);
  }

  @Test
  void aCreationHasItsPasswordItsAttemptAndTheCallersOwnChanges() {
    CreateDbInstanceRequest request =
        creation(
                spec().tag("team", "shop"),
                created(b -> b.copyTagsToSnapshot(true).dbInstanceIdentifier("another")))
            .build("correct-horse-battery");
    assertThat(request.masterUserPassword()).isEqualTo("correct-horse-battery");
    assertThat(request.dbInstanceIdentifier()).as("the name is the spec's").isEqualTo("orders");
    assertThat(request.copyTagsToSnapshot()).isTrue();
    assertThat(request.dbParameterGroupName()).isNull();
    assertThat(request.tags())
        .containsExactly(
            Tag.builder().key("team").value("shop").build(),
            Tag.builder().key("clouddb-attempt").value("0123").build());
  }

  @Test
  void aCreationWithParametersHasAGroup() {
    CreateRequest request = creation(spec().parameter("work_mem", "8192"));
    assertThat(request.group())
        .contains(new NewGroup("clouddb-orders-0123", "postgres16", Map.of("work_mem", "8192")));
    assertThat(request.build(null).dbParameterGroupName()).isEqualTo("clouddb-orders-0123");
    assertThat(creation(spec()).group()).isEmpty();
    assertThat(
            creation(spec(), created(b -> b.dbParameterGroupName("mine")))
                .build(null)
                .dbParameterGroupName())
        .as("the caller's, where the spec needs none")
        .isEqualTo("mine");
  }

  @Test
  void whatWouldContradictTheSpecIsRefused() {
    assertThatThrownBy(() -> creation(spec(), created(b -> b.masterUserPassword("x"))).build("y"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("belongs into the spec's admin");
    assertThatThrownBy(
            () -> creation(spec(), created(b -> b.tdeCredentialPassword("x"))).build("y"))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () ->
                creation(
                        spec().parameter("work_mem", "1"),
                        created(b -> b.dbParameterGroupName("mine")))
                    .build(null))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("mine", "needs one of its own");
    assertThatThrownBy(() -> creation(spec().parameter("ssl", "0")).build(null))
        .as("what no plan would take")
        .isInstanceOf(UnsupportedFeatureException.class);
    Native ofGroup = Native.customize(CreateDbParameterGroupRequest.Builder.class, b -> {});
    assertThatThrownBy(() -> creation(spec(), ofGroup).build(null))
        .as("there is no group that it could change")
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(creation(spec().parameter("work_mem", "1"), ofGroup).build(null)).isNotNull();
  }

  @Test
  void aPasswordIsTheCallersOrRdsOwn() {
    assertThat(creation(spec()).password()).contains(PASSWORD);
    assertThat(creation(spec().admin(AdminLogin.managed("owner"))).password()).isEmpty();
    assertThat(
            creation(spec().admin(AdminLogin.managed("owner")))
                .build(null)
                .manageMasterUserPassword())
        .isTrue();
  }

  @Test
  void onlyPublicAccessLetsTheInternetIn() {
    assertThat(creation(spec()).isPublic()).isFalse();
    assertThat(creation(spec().network(Network.privateNetwork("n"))).isPublic()).isFalse();
    assertThat(creation(spec().network(Network.publicAccess("203.0.113.0/24"))).isPublic())
        .isTrue();
  }

  private static ModifyRequest change(InstanceChange.Builder change, Native... own) {
    return new ModifyRequest("aws", context(change.build(), own));
  }

  private static InstanceChange.Builder tagged() {
    return InstanceChange.builder().tag("a", "b");
  }

  private static ModifyRequest noted(
      InstanceChange.Builder change, Map<String, String> notes, Native... own) {
    StepContext context = context(change.build(), own);
    return new ModifyRequest("aws", context.with(context.state().with(notes)));
  }

  private static DBInstance.Builder there() {
    return DBInstance.builder()
        .dbInstanceIdentifier("orders")
        .dbInstanceStatus("available")
        .storageType("gp3")
        .allocatedStorage(50)
        .backupRetentionPeriod(7);
  }

  @Test
  void aChangeOfTagsAloneAsksForNothingElse() {
    assertThat(change(tagged()).build()).isEmpty();
    assertThat(change(tagged(), modified(b -> b.copyTagsToSnapshot(true))).build())
        .contains(ModifyDbInstanceRequest.builder().copyTagsToSnapshot(true).build());
  }

  @Test
  void whatDependsOnTheInstanceIsFittedOnceAndNoted() {
    InstanceChange.Builder larger = InstanceChange.builder().storageSize(DataSize.gib(400));
    Map<String, String> notes = change(larger).fit(there().build());
    assertThat(notes).isEqualTo(Map.of("fitted.Iops", "12000", "fitted.StorageThroughput", "500"));
    assertThat(noted(larger, notes).build())
        .contains(
            ModifyDbInstanceRequest.builder()
                .allocatedStorage(400)
                .iops(12_000)
                .storageThroughput(500)
                .build());
    assertThat(change(InstanceChange.builder().storageSize(DataSize.gib(60))).fit(there().build()))
        .as("it goes as it was asked for")
        .isEmpty();
  }

  @Test
  void aSizeThatIsThereIsNotSent() {
    InstanceChange.Builder same = InstanceChange.builder().storageSize(DataSize.gib(50));
    Map<String, String> notes = change(same).fit(there().build());
    assertThat(notes).isEqualTo(Map.of("fitted.AllocatedStorage", ""));
    assertThat(noted(same, notes).build()).isEmpty();
  }

  @Test
  void theLeastStepIsNotedWhereTheSizeIsOnlyPreferred() {
    InstanceChange.Builder little =
        InstanceChange.builder()
            .storageSize(DataSize.gib(51))
            .preferring(InstanceField.STORAGE_SIZE);
    assertThat(change(little).fit(there().build()))
        .isEqualTo(Map.of("fitted.AllocatedStorage", "55"));
  }

  @Test
  void backupsThatAreToGoOnAreTurnedOnWhereThereAreNone() {
    InstanceChange.Builder on = InstanceChange.builder().backups(BackupPolicy.daily());
    assertThat(change(on).fit(there().build())).isEmpty();
    Map<String, String> notes = change(on).fit(there().backupRetentionPeriod(0).build());
    assertThat(notes).isEqualTo(Map.of("fitted.backups", "yes"));
    assertThat(noted(on, notes).build().orElseThrow().backupRetentionPeriod()).isEqualTo(1);
    assertThat(
            change(InstanceChange.builder().backups(BackupPolicy.daily().retainDays(9)))
                .fit(there().backupRetentionPeriod(0).build()))
        .as("the change says how long")
        .isEmpty();
    assertThat(
            change(InstanceChange.builder().backups(BackupPolicy.none()))
                .fit(there().backupRetentionPeriod(0).build()))
        .isEmpty();
  }

  @Test
  void aNewGroupIsAttachedWhereTheInstanceHasItNotYet() {
    InstanceChange.Builder tuned = InstanceChange.builder().parameter("work_mem", "8192");
    NewGroup group = new NewGroup("clouddb-orders-0123", "postgres16", Map.of("work_mem", "8192"));
    Map<String, String> made = Map.of("new-group", "as-noted", "family", "postgres16");
    assertThat(change(tuned).group()).isEmpty();
    assertThat(noted(tuned, made).group()).as("by the operation's own name").contains(group);
    assertThat(noted(tuned, made).build()).isEmpty();
    assertThat(
            noted(tuned, Map.of("new-group", "x", "family", "postgres16", "attach", "yes"))
                .build()
                .orElseThrow()
                .dbParameterGroupName())
        .isEqualTo("clouddb-orders-0123");
  }

  @Test
  void passwordsNamesAndThePresentMomentAreNotTheCallersToChange() {
    List<Consumer<ModifyDbInstanceRequest.Builder>> impossible =
        List.of(
            b -> b.masterUserPassword("x"),
            b -> b.tdeCredentialPassword("x"),
            b -> b.newDBInstanceIdentifier("x"));
    for (Consumer<ModifyDbInstanceRequest.Builder> each : impossible) {
      assertThatThrownBy(() -> change(tagged(), modified(each)).build())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("must not set a password");
    }
    assertThatThrownBy(() -> change(tagged(), modified(b -> b.applyImmediately(false))).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("maintenance window");
    assertThat(change(tagged(), modified(b -> b.applyImmediately(true))).build()).isPresent();
    assertThatThrownBy(() -> change(InstanceChange.builder().parameter("ssl", "0")).build())
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void whatOpensOrTakesAwayIsKnown() {
    assertThat(change(InstanceChange.builder().tls(TlsMode.OPTIONAL)).opens()).isTrue();
    assertThat(change(InstanceChange.builder().tls(TlsMode.REQUIRED)).opens()).isFalse();
    assertThat(change(tagged()).opens()).isFalse();
    assertThat(change(InstanceChange.builder().adminPassword(PASSWORD)).takesAway()).isTrue();
    assertThat(change(InstanceChange.builder().deletionProtection(false)).takesAway()).isTrue();
    assertThat(change(InstanceChange.builder().deletionProtection(true)).takesAway()).isFalse();
    assertThat(change(InstanceChange.builder().backups(BackupPolicy.none())).takesAway()).isTrue();
    assertThat(change(InstanceChange.builder().backups(BackupPolicy.daily())).takesAway())
        .isFalse();
    assertThat(change(tagged()).takesAway()).isFalse();
  }

  private static boolean mends(
      String status, String group, InstanceChange.Builder change, Native... own) {
    return change(change, own)
        .mends(
            there()
                .dbInstanceStatus(status)
                .dbParameterGroups(
                    DBParameterGroupStatus.builder().dbParameterGroupName(group).build())
                .build());
  }

  @Test
  void aFailedStateIsMendedByWhatItLacks() {
    InstanceChange.Builder larger = InstanceChange.builder().storageSize(DataSize.gib(100));
    InstanceChange.Builder tuned = InstanceChange.builder().parameter("work_mem", "64");
    assertThat(mends("storage-full", "mine", larger)).isTrue();
    assertThat(mends("storage-full", "mine", tagged(), modified(b -> b.maxAllocatedStorage(200))))
        .isTrue();
    assertThat(mends("storage-full", "mine", tagged())).isFalse();
    assertThat(mends("storage-full", "mine", InstanceChange.builder().deletionProtection(true)))
        .isFalse();
    assertThat(mends("incompatible-parameters", "mine", tuned)).isTrue();
    assertThat(mends("incompatible-parameters", "default.postgres16", tuned)).isFalse();
    assertThat(mends("incompatible-parameters", "mine", tagged())).isFalse();
    assertThat(
            mends(
                "incompatible-parameters",
                "mine",
                InstanceChange.builder().parameter("work_mem", "64").deletionProtection(true)))
        .isFalse();
    assertThat(
            mends(
                "incompatible-parameters",
                "mine",
                InstanceChange.builder().parameter("work_mem", "64").adminPassword(PASSWORD)))
        .isFalse();
    assertThat(mends("failed", "mine", larger)).isFalse();
    assertThat(mends("available", "mine", larger)).isFalse();
  }

  private static void refused(
      InstanceChange.Builder change, DBInstance.Builder instance, String text) {
    assertThat(ReplicatedChange.refusal(change.build(), instance.build()))
        .hasValueSatisfying(
            refusal ->
                assertThat(refusal)
                    .isInstanceOf(ConditionFailedException.class)
                    .hasMessageContaining(text)
                    .extracting(each -> each.nextStep().orElse(""))
                    .asString()
                    .contains(
                        instance.build().readReplicaSourceDBInstanceIdentifier() == null
                            ? "Promote or delete the replicas"
                            : "Leave it out"));
  }

  private static DBInstance.Builder replica(String version) {
    return there().engineVersion(version).readReplicaSourceDBInstanceIdentifier("first");
  }

  @Test
  void aReplicaHasNoPasswordPointInTimeOrOldBackupsOfItsOwn() {
    InstanceChange.Builder backups =
        InstanceChange.builder().backups(BackupPolicy.daily().retainDays(3));
    InstanceChange.Builder points =
        InstanceChange.builder().backups(BackupPolicy.daily().withPointInTime());
    InstanceChange.Builder password = InstanceChange.builder().adminPassword(PASSWORD);
    refused(password, replica("16.4"), "password is its source's");
    refused(points, replica("16.4"), "no replica to a point in time");
    refused(backups, replica("14.0"), "replicas have backups from version 14.1 on");
    refused(backups, replica("13.9"), "replica of version 13.9");
    for (InstanceChange.Builder each : List.of(password, points, backups)) {
      assertThat(ReplicatedChange.refusal(each.build(), there().engineVersion("13.9").build()))
          .as("of what is no replica")
          .isEmpty();
    }
    assertThat(ReplicatedChange.refusal(backups.build(), replica("14.1").build())).isEmpty();
    assertThat(
            ReplicatedChange.refusal(
                InstanceChange.builder().backups(BackupPolicy.none()).build(),
                replica("13.9").build()))
        .as("none is what it has")
        .isEmpty();
    assertThat(ReplicatedChange.refusal(tagged().build(), replica("16.4").build())).isEmpty();
  }

  @Test
  void aSourceKeepsItsBackups() {
    InstanceChange.Builder none = InstanceChange.builder().backups(BackupPolicy.none());
    DBInstance.Builder source = there().readReplicaDBInstanceIdentifiers("one", "two");
    refused(none, source, "its replicas need its backups (one, two)");
    assertThat(ReplicatedChange.refusal(none.build(), there().build())).isEmpty();
    assertThat(ReplicatedChange.refusal(tagged().build(), source.build())).isEmpty();
    assertThat(
            ReplicatedChange.refusal(
                InstanceChange.builder().backups(BackupPolicy.daily()).build(), source.build()))
        .isEmpty();
  }

  /** Another process may go on by the token where the password can be read. */
  @Test
  void aPasswordThatCannotBeReadHereIsNoEnd() {
    StepContext readable = context(tagged().build());
    assertThat(MasterPassword.readLater(SecretRef.literal("correct-horse-battery"), readable))
        .isEqualTo("correct-horse-battery");
    SecretRef missing = SecretRef.environment("CLOUDDB_NO_SUCH_PASSWORD");
    assertThatThrownBy(() -> MasterPassword.readLater(missing, readable))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().category()).isEqualTo(ErrorCategory.AUTHENTICATION);
              assertThat(e.nextStep().orElse("")).contains("Resume it by its token");
            })
        .hasMessageContaining("The password of orders cannot be read here");
  }

  @Test
  void aPasswordIsHeldToRdsRules() {
    SecretRef reference = SecretRef.environment("PW");
    for (String right : List.of("12345678", "a b!c#d$", "x".repeat(128))) {
      assertThat(MasterPassword.read(reference, any -> right)).isEqualTo(right);
    }
    for (String wrong :
        List.of(
            "1234567", "x".repeat(129), "with/slash", "with\"quote", "with@sign", "ümlaut-12")) {
      assertThatThrownBy(() -> MasterPassword.read(reference, any -> wrong))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining(reference.toString())
          .hasMessageNotContaining(wrong);
    }
  }

  /** RDS takes the password with the end of its own management only. */
  @Test
  void aManagedPasswordGivesWayToTheCallersOwnChanges() {
    DBInstance managed =
        DBInstance.builder()
            .dbInstanceIdentifier("orders")
            .dbInstanceStatus("available")
            .masterUserSecret(secret -> secret.secretArn("arn"))
            .build();
    InstanceChange change = InstanceChange.builder().adminPassword(PASSWORD).build();
    StepContext plain = context(change);
    assertThat(ChangeableStep.refusal(plain, new ModifyRequest("aws", plain), managed))
        .hasValueSatisfying(
            refusal -> assertThat(refusal.nextStep().orElse("")).contains("(false)"));
    StepContext ending = context(change, modified(b -> b.manageMasterUserPassword(false)));
    assertThat(ChangeableStep.refusal(ending, new ModifyRequest("aws", ending), managed)).isEmpty();
  }
}
