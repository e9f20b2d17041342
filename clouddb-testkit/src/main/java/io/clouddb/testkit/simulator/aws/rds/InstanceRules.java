/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What RDS takes for the members of {@code CreateDBInstance} and {@code ModifyDBInstance}. */
final class InstanceRules {
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z](-?[a-z0-9])*");
  private static final int LONGEST_IDENTIFIER = 63;
  private static final Pattern CLASS = Pattern.compile("db\\.[a-z0-9]+\\.[a-z0-9]+");
  private static final Pattern DATABASE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,62}");
  private static final Pattern USER = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,15}");
  private static final Set<String> RESERVED = Set.of("admin", "rdsadmin", "public", "none");
  private static final Pattern PASSWORD = Pattern.compile("[ -~&&[^/\"@]]*");
  private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-f]{8,17}");
  private static final int MOST_RETENTION = 35;
  private static final int MOST_TAGS = 50;
  private static final int INSIGHTS_MONTH = 31;
  private static final int INSIGHTS_MOST = 731;

  /** What is kept when nothing is said. */
  static final int INSIGHTS_LEAST = 7;

  /** What runs behind each major version, for requests that name the major version only. */
  private static final Map<Integer, String> MINORS =
      Map.of(14, "14.24", 15, "15.19", 16, "16.15", 17, "17.11", 18, "18.6");

  private InstanceRules() {}

  /**
   * The RDS API Reference, {@code CreateDBInstance}: 7 days, months of 31 days up to 23, or 731.
   */
  static int insightsRetention(int days, boolean collected) {
    boolean months =
        days % INSIGHTS_MONTH == 0 && days >= INSIGHTS_MONTH && days <= 23 * INSIGHTS_MONTH;
    if (days != INSIGHTS_LEAST && days != INSIGHTS_MOST && !months) {
      throw AwsError.value(
          "The specified value for PerformanceInsightsRetentionPeriod is invalid: " + days);
    }
    if (!collected) {
      throw AwsError.combination(
          "PerformanceInsightsRetentionPeriod can't be specified when Performance Insights is"
              + " disabled.");
    }
    return days;
  }

  static void identifier(String name) {
    identifier(name, "DBInstanceIdentifier");
  }

  static void identifier(String name, String member) {
    if (!IDENTIFIER.matcher(name).matches() || name.length() > LONGEST_IDENTIFIER) {
      throw AwsError.value(
          "The parameter "
              + member
              + " is not a valid identifier. Identifiers must begin with a letter; must contain only"
              + " ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two"
              + " consecutive hyphens.");
    }
  }

  static void instanceClass(String name) {
    if (!CLASS.matcher(name).matches()) {
      throw AwsError.value("Invalid DB Instance class: " + name);
    }
    if (!Offers.has(name)) {
      // The service may well have it: a caller is not to learn here that it has not.
      throw new NotSimulatedException("the DB instance class " + name);
    }
  }

  /** The versions that there are, with their minor ones. */
  static List<String> versions() {
    return MINORS.values().stream().sorted().toList();
  }

  static int major(String version) {
    String digits = version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
    int major = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : 0;
    if (!MINORS.containsKey(major)) {
      throw AwsError.combination("Cannot find version " + version + " for postgres");
    }
    return major;
  }

  static String fullVersion(String version) {
    String full = MINORS.getOrDefault(major(version), version);
    if (version.contains(".") && !version.equals(full)) {
      throw AwsError.combination("Cannot find version " + version + " for postgres");
    }
    return full;
  }

  static void database(String name) {
    if (!DATABASE.matcher(name).matches()) {
      throw AwsError.value(
          "DBName must begin with a letter and contain only alphanumeric characters.");
    }
  }

  static void user(String name) {
    if (!USER.matcher(name).matches()) {
      throw AwsError.value("Invalid master user name");
    }
    if (RESERVED.contains(name) || name.startsWith("pg_") || name.startsWith("rds_")) {
      throw AwsError.value(
          "MasterUsername " + name + " cannot be used as it is a reserved word used by the engine");
    }
  }

  static void password(String password) {
    String problem = "The parameter MasterUserPassword is not a valid password";
    if (password.length() < 8) {
      throw AwsError.value(problem + " because it is shorter than 8 characters.");
    }
    if (password.length() > 128) {
      throw AwsError.value(problem + " because it is longer than 128 characters.");
    }
    if (!PASSWORD.matcher(password).matches()) {
      throw AwsError.value(
          problem + ". Only printable ASCII characters besides '/', '@', '\"' may be used.");
    }
  }

  static void retention(int days) {
    if (days < 0 || days > MOST_RETENTION) {
      throw AwsError.value(
          "Invalid backup retention period. Must be between 0 and " + MOST_RETENTION);
    }
  }

  static void windows(Optional<String> backup, Optional<String> maintenance) {
    Optional<TimeWindow> daily = backup.map(TimeWindow::backup);
    Optional<TimeWindow> weekly = maintenance.map(TimeWindow::maintenance);
    if (daily.isPresent() && weekly.isPresent() && daily.get().overlaps(weekly.get())) {
      throw AwsError.value("The backup window and maintenance window must not overlap.");
    }
  }

  static void securityGroup(String id) {
    if (!SECURITY_GROUP.matcher(id).matches()) {
      throw AwsError.value("Invalid security group , groupId= " + id + ", groupName=.");
    }
  }

  static void tags(int count) {
    if (count > MOST_TAGS) {
      throw AwsError.value("A resource can have at most " + MOST_TAGS + " tags");
    }
  }
}
