/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code DescribeDBInstanceAutomatedBackups}, their replication into another region, and {@code
 * DeleteDBInstanceAutomatedBackup}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html">
 *     Replicating automated backups to another AWS Region</a>
 */
final class AutomatedBackupActions {
  private static final Pattern INSTANCE_ARN =
      Pattern.compile("arn:([a-z-]+):rds:([a-z0-9-]+):([0-9]+):db:([a-zA-Z0-9-]+)");
  private static final int MOST_REPLICATED = 20;
  private static final String ARN = "DBInstanceAutomatedBackupsArn";
  private static final String BY_STATUS = "status";
  private static final String BY_INSTANCE = "db-instance-id";
  private static final String BY_RESOURCE = "dbi-resource-id";

  private final RdsState state;
  private final String region;
  private final QueryForm form;
  private final Instant now;

  AutomatedBackupActions(RdsState state, QueryCall call) {
    this.state = state;
    this.region = call.region();
    this.form = call.form();
    this.now = state.servers().engine().clock().instant();
  }

  /** All of a region: of instances that are there, retained ones, and those of other regions. */
  static List<AutomatedBackup> all(RdsState state, String region) {
    Stream<AutomatedBackup> own =
        state.servers().backups().all(state.key(region, "-").scope()).stream()
            .filter(
                backups -> backups.deleted().isPresent() || backups.schedule().start().isPresent())
            .map(AutomatedBackup::own)
            .filter(backup -> !backup.isExpired());
    return Stream.concat(own, state.replicated().in(region).stream())
        .sorted(Comparator.comparing(AutomatedBackup::arn))
        .toList();
  }

  void describe(QueryXml xml) {
    Optional<String> name = given("DBInstanceIdentifier");
    Optional<String> resource = given("DbiResourceId");
    Optional<String> arn = given(ARN);
    Map<String, List<String>> filters =
        SnapshotFilter.filters(form, List.of(BY_STATUS, BY_INSTANCE, BY_RESOURCE));
    Optional<String> marker = given("Marker");
    int records = InstanceActions.records(form);
    form.complete();
    List<AutomatedBackup> found =
        all(state, region).stream()
            .filter(one -> name.map(one.instance().key().name()::equalsIgnoreCase).orElse(true))
            .filter(one -> resource.map(one.resourceId()::equalsIgnoreCase).orElse(true))
            .filter(one -> arn.map(one.arn()::equals).orElse(true))
            .filter(one -> wants(filters.get(BY_STATUS), one.status()))
            .filter(one -> wants(filters.get(BY_RESOURCE), one.resourceId()))
            .filter(
                one ->
                    wants(filters.get(BY_INSTANCE), one.instance().key().name())
                        || wants(
                            filters.get(BY_INSTANCE), RdsState.arn(one.instance().key(), "db")))
            .toList();
    boolean named = name.isPresent() || resource.isPresent() || arn.isPresent();
    if (named && found.isEmpty()) {
      throw notFound(name.or(() -> resource).or(() -> arn).orElse(""));
    }
    Page<AutomatedBackup> page =
        Page.of(found, marker, Math.min(records, state.pageSize()), AutomatedBackup::arn);
    xml.text("Marker", page.nextMarker());
    xml.element("DBInstanceAutomatedBackups", () -> page.items().forEach(one -> write(xml, one)));
  }

  private Optional<String> given(String member) {
    return form.text(member).filter(text -> !text.isEmpty());
  }

  private static boolean wants(@Nullable List<String> values, String text) {
    return values == null || values.stream().anyMatch(text::equalsIgnoreCase);
  }

  private static AwsError notFound(String what) {
    return AwsError.notFound(
        "DBInstanceAutomatedBackupNotFound", "DBInstanceAutomatedBackup not found: " + what);
  }

  private void write(QueryXml xml, AutomatedBackup backup) {
    new AutomatedBackupXml(state, xml, backup, now).write();
  }

  void start(QueryXml xml) {
    SimulatedInstance source = source(form.required("SourceDBInstanceArn"));
    int days = form.integer(Members.RETENTION).orElse(7);
    InstanceRules.retention(days);
    Optional<String> key = form.text(Members.KEY);
    key.ifPresent(own -> EncryptionKeys.requireOf(region, own));
    Map<String, String> tags = form.tags();
    InstanceRules.tags(tags.size());
    // As for replicas: demanded between the regions of GovCloud only, and ignored elsewhere.
    boolean signed = form.text("PreSignedUrl").isPresent();
    form.complete();
    if (RdsState.region(source.key()).equals(region)) {
      throw AwsError.combination(
          "Automated backups of an instance can't be replicated into its own region.");
    }
    boolean encrypted = source.attribute(Members.ENCRYPTED, Boolean.class).orElse(false);
    if (encrypted && key.isEmpty()) {
      throw AwsError.combination("Encrypted instances require a valid KMS key ID");
    }
    if (encrypted && !signed && !AwsPartition.of(region).equals(AwsPartition.COMMERCIAL)) {
      throw AwsError.combination("PreSignedUrl must be specified for an encrypted instance.");
    }
    if (AutomatedBackups.retention(source) == 0) {
      throw ReplicaRules.invalidState(
          "Automated backups are not enabled for the instance " + source.key().name());
    }
    if (find(source).filter(AutomatedBackup::isReplicating).isPresent()) {
      throw invalidState(
          "The automated backups of " + source.key().name() + " are replicated here already");
    }
    requireRoom();
    find(source).map(AutomatedBackup::backups).ifPresent(state.servers().backups()::discard);
    AutomatedBackup replicated =
        new AutomatedBackup(
            region,
            AutomatedBackups.replicate(state, source, days),
            new AutomatedBackup.Replication(days, key.orElse(null), Map.copyOf(tags)));
    state.replicated().add(replicated);
    write(xml, replicated);
  }

  /**
   * The user guide, <em>Replicating automated backups to another AWS Region</em>: "You can
   * replicate up to 20 backups to each destination AWS Region for each AWS account."
   */
  private void requireRoom() {
    long there =
        state.replicated().in(region).stream().filter(AutomatedBackup::isReplicating).count();
    if (there >= MOST_REPLICATED) {
      throw AwsError.badRequest(
          "DBInstanceAutomatedBackupQuotaExceeded",
          "The quota of " + MOST_REPLICATED + " replicated automated backups is reached");
    }
  }

  private static AwsError invalidState(String text) {
    return AwsError.badRequest("InvalidDBInstanceAutomatedBackupState", text);
  }

  private SimulatedInstance source(String named) {
    return state.instance(sourceKey(named));
  }

  private ResourceKey sourceKey(String named) {
    Matcher arn = INSTANCE_ARN.matcher(named);
    boolean ours =
        arn.matches()
            && arn.group(3).equals(state.account())
            && arn.group(1).equals(AwsPartition.of(arn.group(2)))
            && arn.group(1).equals(AwsPartition.of(region));
    if (!ours) {
      throw AwsError.value("Invalid source DB instance ARN: " + named);
    }
    return state.key(arn.group(2), arn.group(4));
  }

  private Optional<AutomatedBackup> find(SimulatedInstance source) {
    return state.replicated().in(region).stream()
        .filter(one -> one.instance() == source)
        .findFirst();
  }

  void stop(QueryXml xml) {
    ResourceKey key = sourceKey(form.required("SourceDBInstanceArn"));
    form.complete();
    AutomatedBackup replicated =
        state.replicated().in(region).stream()
            .filter(one -> one.instance().key().equals(key))
            .filter(AutomatedBackup::isReplicating)
            .findFirst()
            .orElseThrow(
                () ->
                    ReplicaRules.invalidState(
                        "The automated backups of " + key.name() + " are not replicated here"));
    write(xml, replicated);
    state.servers().backups().endReplication(replicated.backups());
  }

  void delete(QueryXml xml) {
    Optional<String> resource = given("DbiResourceId");
    Optional<String> arn = given(ARN);
    form.complete();
    if (resource.isPresent() == arn.isPresent()) {
      throw AwsError.combination("Either DbiResourceId or " + ARN + " must be specified.");
    }
    AutomatedBackup backup =
        all(state, region).stream()
            .filter(one -> resource.map(one.resourceId()::equalsIgnoreCase).orElse(true))
            .filter(one -> arn.map(one.arn()::equals).orElse(true))
            .findFirst()
            .orElseThrow(() -> notFound(resource.or(() -> arn).orElse("")));
    if (!backup.status().equals("retained")) {
      throw invalidState("The automated backups of an instance that is there cannot be deleted");
    }
    new AutomatedBackupXml(state, xml, backup, now).write("deleting");
    state.servers().backups().discard(backup.backups());
  }

  /** What {@code AddTagsToResource} and {@code ListTagsForResource} are about. */
  static Tagged tagged(RdsState state, ResourceKey key) {
    AutomatedBackup backup =
        all(state, RdsState.region(key)).stream()
            .filter(one -> one.arn().endsWith(":auto-backup:" + key.name()))
            .findFirst()
            .orElseThrow(() -> notFound(key.name()));
    return new Tagged(
        backup.tags(),
        all -> {
          if (backup.replication().isPresent()) {
            throw new NotSimulatedException("that replicated automated backups are tagged anew");
          }
          backup.instance().putAttribute(AutomatedBackups.TAGS, Map.copyOf(all));
        });
  }
}
