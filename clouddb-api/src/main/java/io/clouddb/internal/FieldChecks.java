/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.internal.text.Quoted;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked of a field on any cloud, in a new instance or replica as in a change. */
public final class FieldChecks {
  private static final int MOST_RETENTION_DAYS = 3650;
  private static final int LONGEST_TEXT = 2048;
  private static final Duration ONE_DAY = Duration.ofDays(1);
  private static final Duration ONE_WEEK = Duration.ofDays(7);

  private static final Pattern IPV4 =
      Pattern.compile("(?:OCTET\\.){3}OCTET/(?:[12]?[0-9]|3[0-2])".replace("OCTET", octet()));
  private static final Pattern IPV6 = Pattern.compile("([0-9a-fA-F:]*:[0-9a-fA-F:]*)/([0-9]{1,3})");
  private static final int IPV6_BITS = 128;

  private FieldChecks() {}

  /** 0 to 255, without leading zeros, which some read as octal. */
  private static String octet() {
    return "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  }

  /**
   * Checks the compute.
   *
   * @param size what is asked for
   * @param problems where to report
   */
  public static void size(InstanceSize size, Problems problems) {
    if (size.name().isEmpty()) {
      problems.require(size.cpus().orElse(0) > 0, "size needs at least 1 vCPU");
      problems.require(
          size.memory().filter(memory -> memory.bytes() > 0).isPresent(), "size needs some memory");
    } else {
      String name = size.name().get();
      problems.require(!name.isBlank(), "size has an empty name");
      plain(name, "size", problems);
    }
  }

  /**
   * Checks what is free in form: it is the vendor's to judge, but has to arrive there as it is.
   *
   * @param text what is asked for, null for nothing
   * @param what what messages call it
   * @param problems where to report
   */
  public static void plain(@Nullable String text, String what, Problems problems) {
    problems.require(
        text == null || (PlainText.is(text) && text.length() <= LONGEST_TEXT),
        what + " has half a character, a zero one, or more than " + LONGEST_TEXT);
  }

  /**
   * Checks a backup policy.
   *
   * @param policy what is asked for
   * @param problems where to report
   */
  public static void backups(BackupPolicy policy, Problems problems) {
    Integer days = policy.retentionDays().orElse(null);
    problems.require(
        days == null || (days > 0 && days <= MOST_RETENTION_DAYS),
        "backups are kept for 1 to " + MOST_RETENTION_DAYS + " days, not " + days);
    problems.require(
        policy.enabled()
            || (policy.start().isEmpty()
                && policy.length().isEmpty()
                && days == null
                && !policy.pointInTime()
                && policy.location().isEmpty()
                && policy.logRetentionDays().isEmpty()
                && policy.geoRedundant().isEmpty()),
        "backups are off and have a window, a retention, a place or points in time");
    Integer logDays = policy.logRetentionDays().orElse(null);
    problems.require(
        logDays == null || (logDays > 0 && logDays <= MOST_RETENTION_DAYS),
        "the log is kept for 1 to " + MOST_RETENTION_DAYS + " days, not " + logDays);
    plain(policy.location().orElse(null), "the place of the backups", problems);
    problems.require(
        policy.location().filter(String::isBlank).isEmpty(), "the place of the backups is empty");
    problems.require(
        policy.length().isEmpty() || policy.start().isPresent(),
        "the backup window has a length and no start");
    length(policy.length(), ONE_DAY, "the backup window", problems);
  }

  /**
   * Checks a maintenance window.
   *
   * @param window what is asked for
   * @param problems where to report
   */
  public static void maintenance(MaintenanceWindow window, Problems problems) {
    length(window.length(), ONE_WEEK, "the maintenance window", problems);
  }

  private static void length(
      Optional<Duration> length, Duration most, String what, Problems problems) {
    problems.require(
        length
            .filter(asked -> asked.isNegative() || asked.isZero() || asked.compareTo(most) > 0)
            .isEmpty(),
        what + " lasts longer than nothing and at most " + most.toHours() + " hours");
  }

  /**
   * Checks the statistics of queries.
   *
   * @param insights what is asked for
   * @param problems where to report
   */
  public static void insights(Insights insights, Problems problems) {
    Integer days = insights.retentionDays().orElse(null);
    problems.require(
        days == null || (days > 0 && days <= MOST_RETENTION_DAYS),
        "insights are kept for 1 to " + MOST_RETENTION_DAYS + " days, not " + days);
    problems.require(insights.collected() || days == null, "insights are off and have a retention");
  }

  /**
   * Checks the engine's parameters.
   *
   * @param parameters name to value
   * @param problems where to report
   */
  public static void parameters(Map<String, String> parameters, Problems problems) {
    parameters.forEach(
        (parameter, value) ->
            problems.require(
                parameter.matches("[a-zA-Z_][a-zA-Z0-9_.]*")
                    && value != null
                    && !value.isEmpty()
                    && PlainText.is(value),
                "parameter " + Quoted.of(parameter) + " has a malformed name or value, or none"));
  }

  /**
   * Checks a network.
   *
   * @param network what is asked for
   * @param problems where to report
   */
  public static void network(Network network, Problems problems) {
    problems.require(
        !network.isPublic() || !network.allowedCidrs().isEmpty(),
        "public access names no address range");
    addresses(network.allowedCidrs(), problems);
    plain(network.privateNetwork().orElse(null), "the private network", problems);
    plain(network.dnsZone().orElse(null), "the private DNS zone", problems);
    for (String group : network.securityGroups()) {
      plain(group, "a security group", problems);
    }
  }

  /**
   * Checks address ranges.
   *
   * @param cidrs the ranges
   * @param problems where to report
   */
  public static void addresses(List<String> cidrs, Problems problems) {
    cidrs.forEach(
        cidr ->
            problems.require(
                IPV4.matcher(cidr).matches() || isIpv6(cidr),
                Quoted.of(cidr) + " is no address range such as 203.0.113.0/24"));
  }

  private static boolean isIpv6(String cidr) {
    Matcher matcher = IPV6.matcher(cidr);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > IPV6_BITS) {
      return false;
    }
    try {
      // What has a colon is read as an address: no name is looked up.
      return InetAddress.getByName(matcher.group(1)) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
