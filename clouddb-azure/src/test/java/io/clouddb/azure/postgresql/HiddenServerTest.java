/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.Network;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Azure answers 404 for a while for a server that is there: it is waited for, with a limit, and
 * nothing is taken from it meanwhile. And what somebody else does with a replica that is to be
 * promoted, or with its source.
 */
@Tag("slow")
class HiddenServerTest {
  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;
  private static Instance orders;
  private static Instance other;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    orders = cloud.instances().create(spec("orders").tag("of", "source").build()).await(LIMIT);
    other = cloud.instances().create(spec("other").build()).await(LIMIT);
  }

  private static void hide(Faults.RuleBuilder rule) {
    rule.refused(404, "ResourceNotFound", "The Resource was not found.");
  }

  private static Faults.RuleBuilder looks(String server) {
    return azure.azure.faults().on("Servers_Get").named(server);
  }

  private static Instance replica(String name) {
    return cloud.replicas().create(orders.id(), ReplicaSpec.named(name)).await(LIMIT);
  }

  private static InstanceChange tagged(String value) {
    return InstanceChange.builder().tag("at", value).build();
  }

  @Test
  void aNewReplicaIsWaitedForInEachOfItsSteps() {
    hide(azure.azure.faults().on("FirewallRules_ListByServer").times(3));
    hide(azure.azure.faults().on("FirewallRules_Delete").times(3));
    // The first list is that of the check.
    hide(azure.azure.faults().on("Replicas_ListByServer").after(1).times(3));
    Instance near =
        cloud
            .replicas()
            .create(
                orders.id(),
                ReplicaSpec.named("near").network(Network.publicAccess("198.51.100.4/32")))
            .await(LIMIT);
    assertThat(azure.azure.faults().pending()).isZero();
    assertThat(azure.runs().calls().ruleNames(near.name()))
        .containsExactly("clouddb-198-51-100-4-198-51-100-4");
    assertThat(azure.azure.requests("FirewallRules_Delete")).hasSize(4);
    cloud.instances().delete(near.id()).await(LIMIT);
  }

  @Test
  void aReplicaWhoseSourceIsNeverShownIsWaitedForUntilALimit() {
    hide(azure.azure.faults().on("Replicas_ListByServer").after(1).times(100_000));
    NotFoundException e = catchThrowableOfType(NotFoundException.class, () -> replica("cut-off"));
    assertThat(e).hasMessageContaining("orders").hasMessageContaining("PT30M");
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server cut-off");
    assertThat(e.nextStep().orElseThrow()).contains("delete it and create it again");
    azure.azure.faults().clear();
    cloud.instances().delete(cloud.instances().get("cut-off").id()).await(LIMIT);
  }

  @Test
  void aServerThatIsHiddenWhenItsTagsAreReadKeepsThem() {
    // After the check and the look before the request.
    hide(looks("other").after(2).times(2));
    assertThat(cloud.instances().modify(other.id(), tagged("once")).await(LIMIT).tags())
        .containsEntry("at", "once");
    assertThat(azure.azure.requests("Servers_Update"))
        .extracting(RecordedRequest::body)
        .singleElement()
        .asString()
        .contains("clouddb-attempt");
    hide(azure.azure.faults().on("Servers_Update").times(3));
    assertThat(cloud.instances().modify(other.id(), tagged("twice")).await(LIMIT).tags())
        .containsEntry("at", "twice");
  }

  @Test
  void aServerThatIsNotShownAnyMoreIsNotFound() {
    hide(looks("other").after(2).times(100_000));
    NotFoundException e =
        catchThrowableOfType(
            NotFoundException.class,
            () -> cloud.instances().modify(other.id(), tagged("never")).await(LIMIT));
    assertThat(e).hasMessageContaining("PT30M");
    assertThat(azure.azure.requests("Servers_Update")).isEmpty();
  }

  /** What runs on costs money: it is deleted once Azure shows it. */
  @Test
  void aServerThatIsHiddenIsNotTakenForDeleted() {
    Instance going = cloud.instances().create(spec("going").build()).await(LIMIT);
    OneRun runs = azure.runs();
    StepRun<ResourceId> first = runs.begin(InstanceDriver.DELETE, "going", null);
    StepRun<ResourceId> second = runs.begin(InstanceDriver.DELETE, "going", null);
    azure.azure.clearRequests();
    hide(looks("going").times(100_000));
    assertThat(runs.poll(first)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(azure.changes()).isEmpty();
    UnavailableException e =
        catchThrowableOfType(UnavailableException.class, () -> runs.finish(first));
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server going, which is still");
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    assertThat(runs.finish(second)).isEqualTo(going.id());
    assertThat(azure.azure.requests("Servers_Delete")).hasSize(1);
    assertThat(cloud.instances().find("going")).isEmpty();
  }

  /** Who looks for it to delete it, or to make it once, would take it for gone. */
  @Test
  void aServerThatIsHiddenIsNotTakenForGone() {
    Instance reader = replica("near-reader");
    ResourceId away =
        ResourceId.of("azure", other.id().account(), "koreasouth", "instance", "other");
    hide(looks("other").times(100_000));
    hide(looks("orders").times(100_000));
    hide(looks("near-reader").times(100_000));
    azure.azure.clearRequests();
    isHidden("other", () -> cloud.instances().find("other"));
    isHidden("other", () -> cloud.instances().get(other.id()));
    isHidden("other", () -> cloud.instances().delete(other.id()));
    isHidden("other", () -> cloud.instances().modify(other.id(), tagged("hidden")));
    isHidden("orders", () -> replica("of-hidden"));
    isHidden("orders", () -> cloud.replicas().list(orders.id()));
    isHidden("near-reader", () -> cloud.replicas().find("near-reader"));
    isHidden("near-reader", () -> cloud.replicas().promote(reader.id(), Promotion.standalone()));
    isHidden(
        "orders",
        () ->
            cloud
                .in("koreasouth")
                .backups()
                .restore(RestoreSpec.of(orders.id()).latest().named("of-hidden")));
    assertThat(azure.changes()).isEmpty();
    // One of its name in another region is another one.
    assertThatThrownBy(() -> cloud.in("koreasouth").instances().get(away))
        .isInstanceOf(NotFoundException.class);
    azure.azure.faults().clear();
    cloud.instances().delete(reader.id()).await(LIMIT);
  }

  /** Azure lists what it deletes, and may list it for longer than it shows it. */
  @Test
  void aServerThatIsListedAsBeingDeletedIsGoneForWhoLooks() {
    OneRun runs = azure.runs();
    StepRun<ResourceId> deletion = runs.begin(InstanceDriver.DELETE, "other", null);
    assertThat(cloud.instances().list().stream().map(Instance::name)).contains("other");
    String listed =
        azure.azure.requests("Servers_ListByResourceGroup").stream()
            .reduce((first, last) -> last)
            .orElseThrow()
            .responseBody();
    // In whatever state the tests before have left it.
    String going = listed.replaceAll("\"state\" ?: ?\"[A-Za-z]+\"", "\"state\":\"Dropping\"");
    assertThat(going).contains("/other\"").contains("Dropping");
    hide(looks("other").times(100_000));
    azure
        .azure
        .faults()
        .on("Servers_ListByResourceGroup")
        .times(100_000)
        .intercepted(200, "application/json", going);
    hide(azure.azure.faults().on("BackupsAutomaticAndOnDemand_ListByServer").times(100_000));
    azure.azure.clearRequests();
    assertThat(cloud.instances().find("other")).isEmpty();
    assertThat(cloud.backups().list(BackupQuery.of(other.id())).stream()).isEmpty();
    assertThatThrownBy(() -> cloud.instances().delete(other.id()))
        .isInstanceOf(NotFoundException.class);
    // But what is to end when it is gone waits, and nothing is made of what is half gone.
    assertThat(runs.poll(deletion)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThatThrownBy(
            () -> cloud.backups().restore(RestoreSpec.of(other.id()).latest().named("again")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("other is just being deleted");
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
  }

  /** To promote its replica by force would lose what that has not received. */
  @Test
  void aSourceThatIsHiddenIsNotTakenForLost() {
    Instance reader = replica("far-reader");
    InstanceChange more = InstanceChange.builder().parameter("max_connections", "900").build();
    hide(looks("orders").times(100_000));
    azure.azure.clearRequests();
    isHidden("orders", () -> cloud.replicas().promote(reader.id(), Promotion.standalone()));
    isHidden("orders", () -> cloud.instances().modify(reader.id(), more));
    // Its source would keep all that it writes.
    assertThatThrownBy(() -> cloud.instances().stop(reader.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("follows orders, which is not stopped");
    azure.azure.faults().clear();
    hide(looks("far-reader").times(100_000));
    isHidden("far-reader", () -> cloud.instances().modify(orders.id(), more));
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    cloud.instances().delete(reader.id()).await(LIMIT);
  }

  private static void isHidden(String server, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> {
              assertThat(e)
                  .hasMessageStartingWith("Azure does not show the server " + server + " now");
              assertThat(e.retryable()).isTrue();
            });
  }

  /** Without the time of its creation it could be another server of that name. */
  @Test
  void aServerOfWhichAzureDoesNotTellWhenItWasMadeIsAskedForAgain() {
    OneRun runs = azure.runs();
    StepRun<Instance> run = runs.begin(InstanceDriver.MODIFY, "other", tagged("known"));
    String shown =
        azure.azure.requests("Servers_Get").stream()
            .reduce((first, last) -> last)
            .orElseThrow()
            .responseBody();
    assertThat(shown).contains("createdAt");
    looks("other").intercepted(200, "application/json", shown.replace("createdAt", "createdBy"));
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> runs.poll(run));
    assertThat(e).hasMessageContaining("does not tell when the server other was created");
    assertThat(e.retryable()).isTrue();
    assertThat(runs.finish(run).tags()).containsEntry("at", "known");
  }

  /** An old token cannot tell its own request from somebody else's: what is asked for is there. */
  @Test
  void aReplicaThatIsPromotedAlreadyIsNotPromotedAgain() {
    replica("reader");
    OneRun runs = azure.runs();
    StepRun<Promoted> run = runs.begin(ReplicaDriver.PROMOTE, "reader", Promotion.standalone());
    cloud
        .replicas()
        .promote(cloud.instances().get("reader").id(), Promotion.standalone())
        .await(LIMIT);
    azure.azure.clearRequests();
    assertThat(runs.finish(run).changes().toString()).contains("or by somebody else's");
    assertThat(azure.changes()).isEmpty();
    cloud.instances().delete(cloud.instances().get("reader").id()).await(LIMIT);
  }

  /** Its token is older than its request, and the region of its source is gone. */
  @Test
  void aForcedSwitchoverThatTookEffectLooksAtNoSource() {
    Instance dr = replica("orders-dr");
    OneRun runs = azure.runs();
    StepRun<Promoted> run =
        runs.begin(ReplicaDriver.PROMOTE, dr.name(), Promotion.switchingRoles().byForce());
    cloud.replicas().promote(dr.id(), Promotion.switchingRoles()).await(LIMIT);
    azure.azure.clearRequests();
    looks("orders").times(100_000).unavailable();
    assertThat(runs.finish(run).changes().toString())
        .contains("orders was not asked whether it follows orders-dr")
        .contains("or by somebody else's");
    assertThat(azure.azure.requests("Servers_Get"))
        .extracting(RecordedRequest::path)
        .noneMatch(path -> path.endsWith("/orders"));
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    changeBack(dr);
  }

  /** Azure shows the two servers one after the other. */
  @Tag("slow")
  @Test
  void aSwitchoverThatTookEffectWaitsForItsFormerSource() {
    Instance dr = replica("orders-dr");
    OneRun runs = azure.runs();
    StepRun<Promoted> run = promotedByAnother(runs, dr);
    OperationState old = run.state();
    hide(looks("orders").times(3));
    assertThat(runs.finish(run).changes().toString()).contains("orders follows orders-dr now");
    assertThat(azure.azure.faults().pending()).isZero();
    assertThat(azure.changes()).isEmpty();
    // And where it does not follow in the end: nobody knows whose the endpoint is.
    hide(looks("orders").times(100_000));
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class,
            () -> runs.finish(runs.resume(ReplicaDriver.PROMOTE, old)));
    assertThat(e).hasMessageContaining("follows nobody any more");
    assertThat(e.details().leftBehind().orElseThrow()).contains("of orders-dr, the primary now");
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    changeBack(dr);
  }

  /** A run that has made its virtual endpoint, and whose promotion somebody else has asked for. */
  private static StepRun<Promoted> promotedByAnother(OneRun runs, Instance replica) {
    StepRun<Promoted> run =
        runs.begin(ReplicaDriver.PROMOTE, replica.name(), Promotion.switchingRoles());
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .refused(401, "ExpiredAuthenticationToken", "The token has expired.");
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> runs.finish(run));
    assertThat(StepRun.canGoOn(e)).isTrue();
    cloud.replicas().promote(replica.id(), Promotion.switchingRoles()).await(LIMIT);
    azure.azure.clearRequests();
    return run;
  }

  /** Its token is older than the request for its virtual endpoint, and names one of its own. */
  @Tag("slow")
  @Test
  void aSwitchoverOfSomebodyElseNeedsNoFurtherVirtualEndpoint() {
    Instance dr = replica("orders-dr");
    OneRun runs = azure.runs();
    StepRun<Promoted> run =
        runs.begin(ReplicaDriver.PROMOTE, dr.name(), Promotion.switchingRoles());
    cloud.replicas().promote(dr.id(), Promotion.switchingRoles()).await(LIMIT);
    azure.azure.clearRequests();
    assertThat(runs.finish(run).changes().toString())
        .contains("orders follows orders-dr now")
        .contains("or by somebody else's")
        .containsPattern("The virtual endpoint orders-[0-9a-f]+ \\([^)]*\\) leads to orders-dr")
        .doesNotContain("it was made for the switchover");
    assertThat(azure.changes()).isEmpty();
    changeBack(dr);
  }

  /** After the exchange it is found at the new primary, and not where it was made. */
  @Test
  void aVirtualEndpointIsFoundWithTheServerThatItBelongsToNow() {
    Instance dr = replica("orders-dr");
    OneRun runs = azure.runs();
    OperationState begun =
        runs.begin(ReplicaDriver.PROMOTE, dr.name(), Promotion.switchingRoles()).state();
    StepRun<Promoted> first = runs.resume(ReplicaDriver.PROMOTE, begun);
    assertThat(runs.finish(first).changes().toString()).contains("The virtual endpoint orders-");
    azure.azure.clearRequests();
    assertThat(runs.finish(runs.resume(ReplicaDriver.PROMOTE, begun)).changes().toString())
        .containsPattern(
            "The virtual endpoint orders-[0-9a-f]+ \\([^)]*\\) leads to orders-dr and orders")
        .contains("or by somebody else's");
    assertThat(azure.changes()).isEmpty();
    changeBack(dr);
  }

  /** What is done is done: what nobody may look at is said to be unknown. */
  @Test
  void aFormerSourceThatMayNotBeReadFailsNoPromotion() {
    Instance dr = replica("orders-dr");
    // The check looks at it once; then the right is taken away.
    looks("orders").after(1).times(100_000).refused(403, "AuthorizationFailed", "Not for you.");
    Promoted promoted = cloud.replicas().promote(dr.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(promoted.changes().toString())
        .contains("orders could not be looked at")
        .contains("AuthorizationFailed")
        .contains("keep whoever writes away from it")
        .doesNotContain("orders follows orders-dr now");
    assertThat(promoted.formerSource()).contains(orders.id());
    azure.azure.faults().clear();
    changeBack(dr);
  }

  /** The same where somebody else has promoted it meanwhile. */
  @Tag("slow")
  @Test
  void aFormerSourceThatMayNotBeReadFailsNoPromotionOfAnother() {
    Instance dr = replica("orders-dr");
    OneRun runs = azure.runs();
    StepRun<Promoted> run = promotedByAnother(runs, dr);
    looks("orders").times(100_000).refused(403, "AuthorizationFailed", "Not for you.");
    assertThat(runs.finish(run).changes().toString())
        .contains("orders could not be looked at")
        .contains("or by somebody else's");
    assertThat(azure.changes()).isEmpty();
    azure.azure.faults().clear();
    changeBack(dr);
  }

  private static void changeBack(Instance replica) {
    cloud.replicas().promote(orders.id(), Promotion.switchingRoles()).await(LIMIT);
    remove(replica);
  }

  /** With the virtual endpoint that reads from it. */
  private static void remove(Instance replica) {
    ReplicaCalls calls = azure.runs().replicaCalls();
    for (VirtualEndpoint endpoint : calls.endpoints("orders")) {
      assertThat(calls.deleteEndpoint("orders", endpoint.name())).isNotNull();
    }
    cloud.instances().delete(replica.id()).await(LIMIT);
  }

  /** Promoted it is, whatever has become of the server that it followed. */
  @Tag("slow")
  @Test
  void aFormerSourceThatIsGoneIsNotWaitedForForEver() {
    Instance dr = replica("orders-dr");
    // The check looks at it once; then its whole resource group is gone.
    looks("orders")
        .after(1)
        .times(100_000)
        .refused(404, "ResourceGroupNotFound", "Resource group 'shop-rg' could not be found.");
    Promoted promoted = cloud.replicas().promote(dr.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(promoted.changes().toString())
        .contains("orders is not there")
        .contains("create a replica anew");
    assertThat(promoted.formerSource()).contains(orders.id());
    azure.azure.faults().clear();
    looks("orders-dr").after(1).times(100_000).unavailable();
    Promoted back = cloud.replicas().promote(orders.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(back.changes().toString()).contains("orders-dr does not answer");
    azure.azure.faults().clear();
    azure
        .azure
        .faults()
        .on("Replicas_ListByServer")
        .refused(403, "AuthorizationFailed", "Nobody may look at the source.");
    Replica shown = cloud.replicas().get(dr.id());
    assertThat(shown.source()).contains(orders.id());
    assertThat(shown.state()).isEqualTo(Replica.State.UNKNOWN);
    azure.azure.faults().clear();
    remove(dr);
  }

  /** Azure would take the request for a change of it, in silence. */
  @Test
  void aNameThatOnlyTheListShowsIsNotFree() {
    hide(looks("orders").times(100_000));
    assertThatThrownBy(() -> cloud.instances().create(spec("orders").build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("has a server orders");
    azure.azure.faults().clear();
    hide(looks("other").times(100_000));
    RestoreSpec over = RestoreSpec.of(orders.id()).latest().named("other");
    assertThatThrownBy(() -> cloud.backups().restore(over))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("has a server other");
    assertThat(azure.changes()).isEmpty();
  }

  @Test
  void aSourceInAnotherSubscriptionIsNotLookedForInThisOne() {
    ServerArmId there = new ServerArmId("another", AzureOnThisMachine.GROUP, "orders");
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class, () -> azure.runs().calls().at(there).find("orders"));
    assertThat(e).hasMessageContaining("in the subscription another");
    assertThat(azure.azure.requests()).isEmpty();
  }

  @Test
  void aTokenOfAPromotionThatNamesNoSourceIsRefused() {
    OneRun runs = azure.runs();
    OperationState forged =
        OperationState.begin(
            ReplicaDriver.PROMOTE.id(),
            other.id(),
            "0-0-0",
            azure.clock.instant(),
            Promotion.standalone());
    InvalidArgumentException e =
        catchThrowableOfType(
            InvalidArgumentException.class,
            () -> runs.poll(runs.resume(ReplicaDriver.PROMOTE, forged)));
    assertThat(e).hasMessageContaining("names no source: is this its token?");
    assertThat(azure.changes()).isEmpty();
  }

  /** A replica shows its source as its creator wrote it, and a virtual endpoint as it is called. */
  @Test
  void aVirtualEndpointReadsFromAServerInWhateverCaseItIsWritten() {
    ServerArmId source =
        ServerArmId.of(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforPostgreSQL"
                    + "/flexibleServers/Orders")
            .orElseThrow();
    VirtualEndpoint endpoint =
        new VirtualEndpoint("shop", List.of("orders-dr", "orders"), List.of());
    assertThat(endpoint.reads(source.name())).isTrue();
    assertThat(endpoint.reads("order")).isFalse();
  }

  /** A token can have been rewritten. */
  @Test
  void namesStayNamesInAddresses() {
    ReplicaCalls calls = azure.runs().replicaCalls();
    assertThat(calls.endpoint("orders", "a b?c=#d")).isEmpty();
    assertThat(azure.azure.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.path()).endsWith("/orders/virtualendpoints/a b?c=#d");
              assertThat(request.rawQuery()).isEqualTo("api-version=2025-08-01");
            });
    // It is no name that Azure publishes, and not held beside what it does.
    azure.azure.clearRequests();
  }
}
