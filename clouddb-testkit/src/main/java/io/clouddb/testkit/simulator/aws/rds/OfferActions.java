/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.List;
import java.util.Optional;

/** {@code DescribeDBEngineVersions} and {@code DescribeOrderableDBInstanceOptions}. */
final class OfferActions {
  private static final String POSTGRES = "postgres";
  private static final int LEAST_RECORDS = 20;
  private static final int USUAL_RECORDS = 100;

  /** The service definition's numbers: so many versions, and so many options on a page. */
  private static final int MOST_VERSIONS = 100;

  private static final int MOST_OPTIONS = 1000;
  private static final int LEAST_GIB = 20;
  private static final int MOST_GIB = 65_536;

  private final RdsState state;
  private final String region;
  private final QueryForm form;

  OfferActions(RdsState state, QueryCall call) {
    this.state = state;
    this.region = call.region();
    this.form = call.form();
  }

  /** {@code DescribeDBEngineVersions}. */
  void versions(QueryXml xml) {
    String engine = form.text("Engine").orElse("");
    Optional<String> version = form.text("EngineVersion");
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = records(MOST_VERSIONS);
    // There are none that are not available.
    Object ignored = form.bool("IncludeAll");
    form.complete();
    requirePostgres(engine);
    List<String> all =
        InstanceRules.versions().stream()
            .filter(each -> state.isOffered(InstanceRules.major(each)))
            .filter(each -> version.isEmpty() || (each + ".").startsWith(version.get() + "."))
            .sorted()
            .toList();
    Page<String> page = Page.of(all, marker, records, each -> each);
    xml.text("Marker", page.nextMarker());
    xml.element("DBEngineVersions", () -> page.items().forEach(each -> version(xml, each)));
  }

  private static void version(QueryXml xml, String version) {
    String major = Integer.toString(InstanceRules.major(version));
    xml.element(
        "DBEngineVersion",
        () ->
            xml.text("Engine", POSTGRES)
                .text("MajorEngineVersion", major)
                .text("EngineVersion", version)
                .text("DBParameterGroupFamily", POSTGRES + major)
                .text("DBEngineDescription", "PostgreSQL")
                .text("DBEngineVersionDescription", "PostgreSQL " + version + "-R1")
                .element("ValidUpgradeTarget", () -> {})
                .element(
                    "ExportableLogTypes",
                    () -> xml.text("member", "postgresql").text("member", "upgrade"))
                .text("SupportsLogExportsToCloudwatchLogs", true)
                .text("SupportsReadReplica", true)
                .element("SupportedFeatureNames", () -> {})
                .text("Status", "available")
                .text("SupportsParallelQuery", false)
                .text("SupportsGlobalDatabases", false)
                .text("SupportsBabelfish", false));
  }

  /** {@code DescribeOrderableDBInstanceOptions}. */
  void options(QueryXml xml) {
    String engine = form.required("Engine");
    Optional<String> version = form.text("EngineVersion");
    Optional<String> instanceClass = form.text("DBInstanceClass");
    Optional<String> marker = form.text("Marker").filter(text -> !text.isEmpty());
    int records = records(MOST_OPTIONS);
    boolean vpc = form.bool("Vpc").orElse(true);
    form.complete();
    requirePostgres(engine);
    List<Offers.Option> all =
        Offers.all().stream()
            .filter(option -> vpc)
            .filter(option -> state.isOffered(InstanceRules.major(option.version())))
            .filter(option -> version.map(option.version()::equals).orElse(true))
            .filter(option -> instanceClass.map(option.instanceClass()::equals).orElse(true))
            .toList();
    Page<Offers.Option> page = Page.of(all, marker, records, Offers.Option::key);
    xml.text("Marker", page.nextMarker());
    xml.element(
        "OrderableDBInstanceOptions", () -> page.items().forEach(each -> option(xml, each)));
  }

  private void option(QueryXml xml, Offers.Option option) {
    boolean provisioned = option.storage().startsWith("io");
    xml.element(
        "OrderableDBInstanceOption",
        () ->
            xml.text("Engine", POSTGRES)
                .text("EngineVersion", option.version())
                .text("DBInstanceClass", option.instanceClass())
                .text("LicenseModel", "postgresql-license")
                .element(
                    "AvailabilityZones",
                    () ->
                        List.of("a", "b", "c")
                            .forEach(
                                zone ->
                                    xml.element(
                                        "AvailabilityZone", () -> xml.text("Name", region + zone))))
                .text("MultiAZCapable", true)
                .text("ReadReplicaCapable", true)
                .text("Vpc", true)
                .text("SupportsStorageEncryption", true)
                .text("StorageType", option.storage())
                .text("SupportsIops", provisioned || option.storage().equals("gp3"))
                .text("SupportsEnhancedMonitoring", true)
                .text("SupportsIAMDatabaseAuthentication", true)
                .text("SupportsPerformanceInsights", true)
                .text("MinStorageSize", provisioned ? 100 : LEAST_GIB)
                .text("MaxStorageSize", MOST_GIB)
                .element("AvailableProcessorFeatures", () -> {})
                .text("SupportsStorageAutoscaling", true)
                .text("SupportsKerberosAuthentication", true)
                .text("OutpostCapable", false)
                .text("SupportsGlobalDatabases", false));
  }

  /** Fewer than are asked for where the simulator's pages are small, but 20 at least. */
  private int records(int most) {
    int records = form.integer("MaxRecords").orElse(USUAL_RECORDS);
    if (records < LEAST_RECORDS || records > most) {
      throw AwsError.value(
          "Invalid value " + records + " for MaxRecords. Must be between 20 and " + most);
    }
    return Math.min(records, Math.max(LEAST_RECORDS, state.pageSize()));
  }

  private static void requirePostgres(String engine) {
    if (!engine.equals(POSTGRES)) {
      throw new NotSimulatedException(
          engine.isEmpty() ? "the versions of all engines" : "the engine " + engine);
    }
  }
}
