/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.backup.RestoreField.AVAILABILITY;
import static io.clouddb.backup.RestoreField.BACKUP;
import static io.clouddb.backup.RestoreField.DELETION_PROTECTION;
import static io.clouddb.backup.RestoreField.ENCRYPTION_KEY;
import static io.clouddb.backup.RestoreField.LATEST;
import static io.clouddb.backup.RestoreField.MOMENT;
import static io.clouddb.backup.RestoreField.NAME;
import static io.clouddb.backup.RestoreField.OTHER_REGION;
import static io.clouddb.backup.RestoreField.PARAMETERS;
import static io.clouddb.backup.RestoreField.PRIVATE_NETWORK;
import static io.clouddb.backup.RestoreField.PUBLIC_ACCESS;
import static io.clouddb.backup.RestoreField.SIZE;
import static io.clouddb.backup.RestoreField.TAGS;

import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * How an instance is restored: <em>RestoreDBInstanceFromDBSnapshot</em> and
 * <em>RestoreDBInstanceToPointInTime</em> in the RDS API Reference, <em>Restoring to a DB
 * instance</em> and <em>Restoring a DB instance to a specified time</em> in the user guide. What is
 * known beside a spec is the region of the new instance.
 */
final class RestoreFields {
  private static final Class<RestoreRequest> RESTORE = RestoreRequest.class;
  private static final String PUBLIC = "PubliclyAccessible";

  private RestoreFields() {}

  static FieldTable<DBInstance> table(String provider) {
    return FieldTable.of(
        provider,
        "what RDS restores",
        List.of(
            FieldRow.<String, DBInstance>of(NAME, String.class, "DBInstanceIdentifier")
                .vendorField(
                    asked ->
                        asked.has(BACKUP) ? "DBInstanceIdentifier" : "TargetDBInstanceIdentifier")
                .to(RESTORE, (request, name, asked) -> request.name(name))
                .build(),
            // These four the step itself writes, into the request that they decide on.
            FieldRow.<ResourceId, DBInstance>of(BACKUP, ResourceId.class, "DBSnapshotIdentifier")
                .shown((backup, asked) -> backup.name())
                .build(),
            moment(),
            FieldRow.<Boolean, DBInstance>of(LATEST, Boolean.class, "UseLatestRestorableTime")
                .build(),
            otherRegion(),
            size(),
            FieldRow.<Availability, DBInstance>of(AVAILABILITY, Availability.class, "MultiAZ")
                .shown((asked, all) -> asked == Availability.REGIONAL)
                .to(
                    RESTORE,
                    (request, asked, all) -> request.multiAz(asked == Availability.REGIONAL))
                .build(),
            privateNetwork(),
            publicAccess(),
            encryptionKey(),
            FieldRow.<Boolean, DBInstance>of(
                    DELETION_PROTECTION, Boolean.class, "DeletionProtection")
                .to(RESTORE, (request, on, asked) -> request.deletionProtection(on))
                .build(),
            FieldRow.<Map<String, String>, DBInstance>of(
                    PARAMETERS, Texts.TYPE, "DB parameter group")
                .to(GroupParameters.class, (group, parameters, asked) -> group.set(parameters))
                .build(),
            tags()));
  }

  /** Times of the service have at most milliseconds: its answers, and the user guide's examples. */
  private static FieldRow<Instant, DBInstance> moment() {
    return FieldRow.<Instant, DBInstance>of(MOMENT, Instant.class, "RestoreTime")
        .nearest(
            "Whole milliseconds",
            (moment, asked) ->
                moment.equals(inMilliseconds(moment))
                    ? Optional.empty()
                    : Optional.of("RDS counts in milliseconds"))
        .shown((moment, asked) -> inMilliseconds(moment))
        .build();
  }

  /** Not later than what was asked for. */
  static Instant inMilliseconds(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS);
  }

  private static FieldRow<String, DBInstance> otherRegion() {
    return FieldRow.<String, DBInstance>of(
            OTHER_REGION, String.class, "SourceDBInstanceAutomatedBackupsArn")
        .only(
            "To a moment, of automated backups that are replicated here; a snapshot is copied first",
            (from, asked) ->
                asked.has(BACKUP)
                    ? Optional.of("RDS restores a snapshot in its own region, " + from)
                    : Optional.empty(),
            "copy it here by backups().copy(...), and restore the copy")
        .only(
            new Condition<>(
                "From a region in the same partition of AWS",
                Regions::isApart,
                (from, asked) -> Regions.apart(from, asked.facts(String.class), "restores nothing"),
                "a source in the partition of the new instance's region"))
        .build();
  }

  private static FieldRow<InstanceSize, DBInstance> size() {
    return InstanceClasses.<DBInstance>row(SIZE)
        .to(
            RESTORE,
            (request, size, asked) ->
                request.instanceClass(InstanceClasses.choose(size).orElseThrow()))
        .build();
  }

  private static FieldRow<Network, DBInstance> privateNetwork() {
    return FieldRow.<Network, DBInstance>of(PRIVATE_NETWORK, Network.class, PUBLIC)
        .vendorField(
            asked ->
                asked
                    .value(PRIVATE_NETWORK, Network.class)
                    .flatMap(Network::privateNetwork)
                    .map(name -> "DBSubnetGroupName")
                    .orElse(PUBLIC))
        .only(
            "Without a private DNS zone, and without public address ranges",
            (network, asked) -> NetworkFields.zone(network).or(() -> NetworkFields.both(network)),
            "a private network alone; a VPC security group says who may connect")
        .shown((network, asked) -> network.privateNetwork().<Object>map(n -> n).orElse(false))
        .to(RESTORE, (request, network, asked) -> reach(request, network, false))
        .build();
  }

  private static FieldRow<Network, DBInstance> publicAccess() {
    return NetworkFields.<DBInstance>publicAccess(PUBLIC_ACCESS)
        .to(RESTORE, (request, network, asked) -> reach(request, network, true))
        .build();
  }

  private static void reach(RestoreRequest request, Network network, boolean publicly) {
    request.publiclyAccessible(publicly);
    network.privateNetwork().ifPresent(request::subnetGroup);
    if (!network.securityGroups().isEmpty()) {
      request.securityGroups(network.securityGroups());
    }
  }

  private static FieldRow<String, DBInstance> encryptionKey() {
    return FieldRow.<String, DBInstance>of(ENCRYPTION_KEY, String.class, "")
        .lacking(
            "RDS restores with the key of what it restores: neither restore has a member KmsKeyId"
                + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html)",
            "copy the backup with encryptionKey(...) by backups().copy(...), and restore the copy");
  }

  private static FieldRow<Map<String, String>, DBInstance> tags() {
    return FieldRow.<Map<String, String>, DBInstance>of(TAGS, Texts.TYPE, "Tags")
        .only(
            "Letters, digits, spaces and + - = . _ : / @; none begins with aws: or rds:",
            (tags, asked) -> Tags.whyNot(tags),
            "another key or value")
        .limit("tags.max", Tags.MOST)
        .to(RESTORE, (request, tags, asked) -> request.tags(tags))
        .build();
  }

  /** What a restore has of its source, whatever is asked, or where nothing else is asked. */
  static List<Plan.Inherited> inherited(RestoreSpec spec) {
    List<Plan.Inherited> all = new ArrayList<>();
    all.add(
        new Plan.Inherited(
            InstanceField.ENGINE_VERSION,
            "the version of the backup; a later one, by RDS' choice, where the standard support of"
                + " that one is over and its source has RDS Extended Support disabled"));
    all.add(
        new Plan.Inherited(
            InstanceField.ADMIN_LOGIN,
            "all logins, with the passwords of the moment; RDS manages none of them any more"));
    all.add(new Plan.Inherited(InstanceField.DATABASE, "all databases"));
    all.add(
        new Plan.Inherited(InstanceField.STORAGE_SIZE, "disk size, type and speed of the backup"));
    all.add(new Plan.Inherited(InstanceField.ENCRYPTION_KEY, "the key of the backup, or none"));
    all.add(
        new Plan.Inherited(InstanceField.BACKUP_RETENTION, "retention and window of its backups"));
    String again = ", set again by clouddb, since RDS would take its own default; that default";
    boolean far =
        spec.backup().isEmpty()
            && spec.location().filter(here -> !here.equals(spec.source().location())).isPresent();
    unasked(all, spec, SIZE, "the DB instance class of the backup");
    unasked(
        all,
        spec,
        AVAILABILITY,
        "as its source has it now" + again + ", one zone, where the source is gone");
    if (spec.network().filter(asked -> asked.privateNetwork().isEmpty()).isPresent()) {
      all.add(
          new Plan.Inherited(
              PRIVATE_NETWORK,
              far
                  ? "the default network"
                  : "the subnet group of its source; the default one, where the source is gone or in"
                      + " another region"));
    }
    if (spec.network().isEmpty()) {
      all.add(
          new Plan.Inherited(
              PRIVATE_NETWORK,
              far
                  ? "not of its source, whose network is another region's: the default network and"
                      + " security group, not public"
                  : "subnet group, security groups and reach of its source"
                      + again
                      + ", not public, where the source is gone or in another region"));
    }
    unasked(
        all,
        spec,
        DELETION_PROTECTION,
        "as its source has it now" + again + ", off, where the source is gone");
    all.add(
        new Plan.Inherited(
            PARAMETERS,
            "those that are set in its source's DB parameter group, in a group of its own"
                + again
                + " where the source is gone"));
    all.add(
        new Plan.Inherited(
            TAGS,
            "those of its source where the source is there, beside those that are asked for"));
    return List.copyOf(all);
  }

  private static void unasked(
      List<Plan.Inherited> all, RestoreSpec spec, RestoreField field, String text) {
    if (!spec.values().containsKey(field)) {
      all.add(new Plan.Inherited(field, text));
    }
  }

  static Plan plan(FieldTable<DBInstance> table, RestoreSpec spec, String region) {
    return table.plan(new Asked(spec, region)).inheriting(inherited(spec));
  }
}
