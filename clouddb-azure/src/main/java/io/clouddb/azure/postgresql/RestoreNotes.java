/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a restore's source before the first request: another process may go on when the
 * source is gone.
 */
final class RestoreNotes {
  private static final String SOURCE = "source";
  private static final String MODE = "mode";
  private static final String MOMENT = "moment";
  private static final String SUBNET = "subnet";
  private static final String ZONE = "dns-zone";
  private static final String KEY = "key";
  private static final String IDENTITY = "identity";
  private static final String GEO = "geo-redundant";
  private static final String GEO_KEY = "geo-key";
  private static final String GEO_IDENTITY = "geo-identity";
  private static final String CLOSED = "closed";
  private static final String STANDBY = "source-standby";
  private static final String TAGS = "tags";
  private static final String PARAMETERS = "parameters";
  private static final String RULES = "rules";
  private static final String WINDOW = "maintenance";
  private static final int WEEK = 7;

  private final StepContext context;

  RestoreNotes(StepContext context) {
    this.context = context;
  }

  /** Notes it. */
  static OperationState noted(OperationState state, RestoreSpec spec, RestoreSource source) {
    Map<String, String> notes = new HashMap<>();
    notes.put(SOURCE, source.id().toString());
    notes.put(MODE, source.mode().toString());
    notes.put(MOMENT, source.moment().toString());
    notes.put(PARAMETERS, NotedMap.written(source.parameters()));
    Map<String, String> rules = new TreeMap<>();
    source.rules().forEach((name, range) -> rules.put(name, range.first() + " " + range.last()));
    notes.put(RULES, NotedMap.written(rules));
    source.server().ifPresent(server -> note(notes, spec, source, server));
    notes.values().removeIf(String::isEmpty);
    return state.with(notes);
  }

  /** The same where the new server's region has no geo-redundant backup, and would refuse it. */
  static OperationState withoutGeoRedundancy(OperationState noted) {
    return noted.with(GEO, GeoRedundantBackupEnum.DISABLED.toString());
  }

  private static void note(
      Map<String, String> notes, RestoreSpec spec, RestoreSource source, ServerInner server) {
    Map<String, String> tags = CaselessNames.merged(server.tags(), null);
    tags.remove(OperationState.CREATION_TAG);
    notes.put(TAGS, NotedMap.written(tags));
    window(server.maintenanceWindow()).ifPresent(window -> notes.put(WINDOW, window));
    Network network = server.network();
    if (PublicAccess.isOff(network)) {
      notes.put(CLOSED, String.valueOf(spec.network().isEmpty()));
    }
    boolean keyed = RestoreRequest.isEncryptedByKey(server);
    // In the pair a second key would have to be of a region that this one is no key of.
    if (RestoreRequest.isGeoRedundant(server)
        && !(source.isFar() && (keyed || spec.encryptionKey().isPresent()))) {
      notes.put(GEO, GeoRedundantBackupEnum.ENABLED.toString());
    }
    if (source.isFar()) {
      // Subnets, zones and identities are of a region.
      return;
    }
    if (spec.availability().isEmpty()
        && !RestoreTable.isBurstable(spec)
        && server.highAvailability() != null
        && HighAvailabilityMode.ZONE_REDUNDANT.equals(server.highAvailability().mode())) {
      notes.put(STANDBY, HighAvailabilityMode.ZONE_REDUNDANT.toString());
    }
    if (keyed) {
      DataEncryption encryption = server.dataEncryption();
      put(notes, KEY, encryption.primaryKeyUri());
      put(notes, IDENTITY, encryption.primaryUserAssignedIdentityId());
    }
    source
        .geoBackupKey()
        .ifPresent(
            second -> {
              notes.put(GEO_KEY, second.uri());
              notes.put(GEO_IDENTITY, second.identity());
            });
    if (network != null && spec.network().isEmpty()) {
      put(notes, SUBNET, network.delegatedSubnetResourceId());
      put(notes, ZONE, network.privateDnsZoneArmResourceId());
    }
  }

  private static void put(Map<String, String> notes, String name, @Nullable String value) {
    if (value != null) {
      notes.put(name, value);
    }
  }

  private static Optional<String> window(@Nullable MaintenanceWindow window) {
    if (window == null || !"enabled".equalsIgnoreCase(window.customWindow())) {
      return Optional.empty();
    }
    return Optional.of(
        number(window.dayOfWeek())
            + " "
            + number(window.startHour())
            + " "
            + number(window.startMinute()));
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  String source() {
    return context.value(SOURCE).orElse("");
  }

  CreateMode mode() {
    return CreateMode.fromString(context.value(MODE).orElse(""));
  }

  Instant moment() {
    return context.value(MOMENT).flatMap(OperationNote::time).orElseThrow(NotedMap::malformed);
  }

  Optional<String> subnet() {
    return context.value(SUBNET);
  }

  Optional<String> zone() {
    return context.value(ZONE);
  }

  Optional<String> key() {
    return context.value(KEY);
  }

  Optional<String> identity() {
    return context.value(IDENTITY);
  }

  boolean isGeoRedundant() {
    return context.value(GEO).filter(GeoRedundantBackupEnum.ENABLED.toString()::equals).isPresent();
  }

  /** The key of the source's backups in the paired region. */
  Optional<GeoBackupKey> geoBackupKey() {
    return context
        .value(GEO_KEY)
        .flatMap(
            uri -> context.value(GEO_IDENTITY).map(identity -> new GeoBackupKey(uri, identity)));
  }

  /** Whether the source has no public access, and no other network is asked for. */
  boolean isClosed() {
    return context.value(CLOSED).filter("true"::equals).isPresent();
  }

  /** Whether the source has no public access, and another network is asked for. */
  boolean isOpened() {
    return context.value(CLOSED).filter("false"::equals).isPresent();
  }

  /** Whether the source has a zone-redundant standby, and the new server may have one. */
  boolean hasStandby() {
    return context.value(STANDBY).isPresent();
  }

  /** The source's tags with those that are asked for. */
  Map<String, String> tags() {
    return both(TAGS, context.specification(RestoreSpec.class).tags());
  }

  /** The source's parameters with those that are asked for. */
  Map<String, String> parameters() {
    return both(PARAMETERS, context.specification(RestoreSpec.class).parameters());
  }

  private Map<String, String> both(String noted, Map<String, String> asked) {
    return CaselessNames.merged(NotedMap.read(context.value(noted).orElse("")), asked);
  }

  /** What Azure may have refused, of what no look could tell; empty when nothing is known of it. */
  Optional<String> advice() {
    if (mode().equals(RestoreSource.REVIVED)) {
      return Optional.of(RestoreTable.REVIVAL);
    }
    return mode().equals(CreateMode.GEO_RESTORE) && isGeoRedundant()
        ? Optional.of(
            "Geo-redundant backup was asked for, as the source has it. Where Azure has none in "
                + context.resource().location()
                + ", leave it out by Native.customize(ServerInner.class, server ->"
                + " server.withBackup(null)).")
        : Optional.empty();
  }

  /** The source's firewall rules: name to first and last address. */
  Map<String, String> rules() {
    return NotedMap.read(context.value(RULES).orElse(""));
  }

  /** When the source may be maintained; empty where Azure chooses. */
  Optional<io.clouddb.instance.MaintenanceWindow> window() {
    String[] parts = context.value(WINDOW).orElse("").split(" ", -1);
    // Only a token that was rewritten has another form.
    if (parts.length != 3 || !String.join("", parts).matches("[0-6][0-9]{2,4}")) {
      return Optional.empty();
    }
    int day = Integer.parseInt(parts[0]);
    return Optional.of(
        io.clouddb.instance.MaintenanceWindow.weekly(
            DayOfWeek.of(day == 0 ? WEEK : day),
            LocalTime.of(Integer.parseInt(parts[1]) % 24, Integer.parseInt(parts[2]) % 60)));
  }
}
