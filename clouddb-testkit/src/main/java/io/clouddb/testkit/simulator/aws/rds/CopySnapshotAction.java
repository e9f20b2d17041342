/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code CopyDBSnapshot}. The words of refusals are those that callers of the service have
 * published: pbudzon/aws-maintenance 5, and recorded traffic of cloud-custodian.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html">
 *     Copying a DB snapshot</a>
 */
final class CopySnapshotAction {
  private static final Pattern ARN =
      Pattern.compile("arn:([a-z-]+):rds:([a-z0-9-]+):([0-9]+):snapshot:(.+)");

  /** "You can copy up to 20 DB snapshots at a time from one AWS Region to another". */
  private static final int MOST_AT_ONCE = 20;

  private final RdsState state;
  private final Call call;
  private final String region;
  private final QueryForm form;

  CopySnapshotAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.region = call.region();
    this.form = call.form();
  }

  void run(QueryXml xml) {
    String name =
        SnapshotActions.identifier(
            form.required("TargetDBSnapshotIdentifier"), "TargetDBSnapshotIdentifier");
    Snapshot source = source(form.required("SourceDBSnapshotIdentifier"));
    boolean near = source.region().equals(region);
    Map<String, Object> attributes = new LinkedHashMap<>();
    key(source, near, attributes);
    Map<String, String> tags = new LinkedHashMap<>();
    if (form.bool("CopyTags").orElse(false)) {
      tags.putAll(source.tags());
    }
    tags.putAll(form.tags());
    InstanceRules.tags(tags.size());
    attributes.put(Members.TAGS, Map.copyOf(tags));
    attributes.put(Members.HIDDEN, state.hiddenDescriptions());
    if (!near) {
      attributes.put(Snapshot.SOURCE, source.arn());
      attributes.put(Snapshot.SOURCE_REGION, source.region());
    }
    signed(source, near);
    form.complete();
    ResourceKey key = state.key(region, name);
    if (state.servers().backups().find(key).isPresent()) {
      throw SnapshotActions.exists(name);
    }
    if (!source.isAvailable()) {
      throw SnapshotActions.invalidState(
          "Cannot copy the snapshot because it is not currently in the available state.");
    }
    if (!near && underWay() >= MOST_AT_ONCE) {
      throw AwsError.badRequest(
          "SnapshotQuotaExceeded",
          "Cannot copy more than " + MOST_AT_ONCE + " snapshots across regions");
    }
    try {
      // How it ends shows in the snapshot's status.
      Object unused = state.servers().backups(call).copy(source.backup(), key, attributes);
    } catch (SimulatorException e) {
      throw SnapshotActions.refused(e, name);
    }
    new SnapshotXml(xml, state.snapshots().get(region, name)).write();
  }

  /** By its name in this region, by its ARN in any of the partition. */
  private Snapshot source(String named) {
    Matcher arn = ARN.matcher(named);
    if (!arn.matches()) {
      return state.snapshots().get(region, named);
    }
    boolean here =
        arn.group(3).equals(state.account())
            && arn.group(1).equals(AwsPartition.of(arn.group(2)))
            && arn.group(1).equals(AwsPartition.of(region));
    if (!here) {
      throw AwsError.value("Invalid snapshot identifier: " + named);
    }
    return state.snapshots().get(arn.group(2), arn.group(4));
  }

  private void key(Snapshot source, boolean near, Map<String, Object> attributes) {
    Optional<String> key = form.text(Members.KEY);
    if (!near && source.isEncrypted() && key.isEmpty()) {
      throw AwsError.value("Must specify new KMS key for cross region encrypted snapshot copy.");
    }
    key.ifPresent(
        own -> {
          EncryptionKeys.requireOf(region, own);
          attributes.put(Members.ENCRYPTED, true);
          attributes.put(Members.KEY, own);
        });
  }

  /** As for replicas: demanded between the regions of GovCloud only, and ignored elsewhere. */
  private void signed(Snapshot source, boolean near) {
    boolean signed = form.text("PreSignedUrl").isPresent();
    boolean asked =
        !near && !AwsPartition.of(region).equals(AwsPartition.COMMERCIAL) && source.isEncrypted();
    if (asked && !signed) {
      throw AwsError.combination(
          "PreSignedUrl must be specified for an encrypted snapshot in another region.");
    }
  }

  private long underWay() {
    return state.servers().backups().list(state.key(region, "-").scope()).stream()
        .filter(backup -> backup.state() == SimulatedBackup.State.CREATING)
        .filter(backup -> backup.attribute(Snapshot.SOURCE, String.class).isPresent())
        .count();
  }
}
