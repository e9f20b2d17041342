/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A VPC network. Google writes one and the same as {@code projects/x/global/networks/y}, with a
 * slash or the address of an API before it, and names its project by its id or by its number.
 *
 * @param project the id or the number of its project
 * @param name its name
 */
record Vpc(String project, String name) {
  private static final Pattern ASKED =
      Pattern.compile("projects/[a-z0-9.:-]+/global/networks/[a-z][a-z0-9-]*");
  private static final Pattern THERE =
      Pattern.compile("(?:.*/)?projects/([^/]+)/global/networks/([^/]+)");

  /** The number of an instance's project, which nothing else of it tells. */
  private static final Pattern NUMBER = Pattern.compile("p([0-9]+)-[^@]*@gcp-sa-cloud-sql[.].*");

  /** Whether a text is the resource name by which a VPC is asked for. */
  static boolean isName(String text) {
    return ASKED.matcher(text).matches();
  }

  /**
   * Reads any form of one that an instance has, or is to have.
   *
   * @param text the text; null when there is none
   * @param instance the instance, by which the number of its own project is known as its id
   * @return the VPC; empty when the text is none
   */
  static Optional<Vpc> of(@Nullable String text, DatabaseInstance instance) {
    Matcher matcher = THERE.matcher(text == null ? "" : text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String project = matcher.group(1);
    boolean own =
        instance.getProject() != null && number(instance).filter(project::equals).isPresent();
    return Optional.of(new Vpc(own ? instance.getProject() : project, matcher.group(2)));
  }

  /** The VPC of an instance; empty when it has none. */
  static Optional<Vpc> of(DatabaseInstance instance) {
    IpConfiguration addresses =
        instance.getSettings() == null ? null : instance.getSettings().getIpConfiguration();
    return of(addresses == null ? null : addresses.getPrivateNetwork(), instance);
  }

  /** Whether an instance is, or may be, in a VPC that is asked for. */
  static boolean maybeOf(Optional<String> asked, DatabaseInstance instance) {
    return asked
        .flatMap(vpc -> of(vpc, instance))
        .flatMap(vpc -> of(instance).filter(vpc::maybeSame))
        .isPresent();
  }

  /**
   * Whether both are the same one, or may be: whether the id and the number of another project than
   * the instance's own are one project's, nobody here can tell, and the service has to.
   *
   * @param other the other one
   * @return false when they are two
   */
  boolean maybeSame(Vpc other) {
    return name.equals(other.name)
        && (project.equals(other.project) || isNumber(project) != isNumber(other.project));
  }

  private static Optional<String> number(DatabaseInstance instance) {
    String account = instance.getServiceAccountEmailAddress();
    Matcher matcher = NUMBER.matcher(account == null ? "" : account);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static boolean isNumber(String project) {
    return project.chars().allMatch(each -> each >= '0' && each <= '9');
  }

  @Override
  public String toString() {
    return "projects/" + project + "/global/networks/" + name;
  }
}
