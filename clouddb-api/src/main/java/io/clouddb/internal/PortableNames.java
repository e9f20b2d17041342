/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import io.clouddb.internal.text.Quoted;
import java.util.Map;
import java.util.regex.Pattern;

/** The characters that names and tags may have on every cloud. */
public final class PortableNames {
  // RDS identifiers: 1-63, a letter first, no double or trailing hyphen. Azure server names: 3-63,
  // lower case. Cloud SQL: lower case, at most 98 with the project.
  private static final Pattern INSTANCE = Pattern.compile("[a-z](?:-?[a-z0-9]){2,62}");
  private static final Pattern BACKUP = Pattern.compile("[a-z](?:-?[a-z0-9]){2,99}");
  private static final int LONGEST_BACKUP_NAME = 100;
  // Azure's keys are the longest; which characters a cloud takes, its plan says.
  private static final int LONGEST_TAG_KEY = 512;
  private static final int LONGEST_TAG_VALUE = 256;
  private static final String OWN_TAGS = "clouddb";
  private static final Pattern DATABASE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_]{0,15}");
  private static final int LONGEST_NAME = 63;

  private PortableNames() {}

  /**
   * Checks the name of an instance.
   *
   * @param name the name
   * @param problems where to report
   */
  public static void instance(String name, Problems problems) {
    problems.require(
        INSTANCE.matcher(name).matches() && name.length() <= LONGEST_NAME,
        "name "
            + Quoted.of(name)
            + " has to have 3 to 63 lower case letters, digits and single hyphens, beginning with"
            + " a letter and ending with none of the hyphens");
  }

  /**
   * Checks the name of a backup, which has room for that of its instance and a time.
   *
   * @param name the name
   * @param problems where to report
   */
  public static void backup(String name, Problems problems) {
    problems.require(
        BACKUP.matcher(name).matches() && name.length() <= LONGEST_BACKUP_NAME,
        "name "
            + Quoted.of(name)
            + " has to have 3 to "
            + LONGEST_BACKUP_NAME
            + " lower case letters, digits and single hyphens, beginning with a letter and ending"
            + " with none of the hyphens");
  }

  /**
   * Checks tags.
   *
   * @param tags key to value
   * @param problems where to report
   */
  public static void tags(Map<String, String> tags, Problems problems) {
    tags.forEach(
        (key, value) -> {
          problems.require(
              !key.isBlank()
                  && key.length() <= LONGEST_TAG_KEY
                  && PlainText.is(key)
                  && !key.regionMatches(true, 0, OWN_TAGS, 0, OWN_TAGS.length()),
              "tag "
                  + Quoted.of(key)
                  + " has to have 1 to 512 characters, not be blank, and not begin with 'clouddb'");
          problems.require(
              value != null && value.length() <= LONGEST_TAG_VALUE && PlainText.is(value),
              "the value of tag " + Quoted.of(key) + " has to have at most 256 characters");
        });
  }

  /**
   * Checks the name of a database.
   *
   * @param name the name
   * @param problems where to report
   */
  public static void database(String name, Problems problems) {
    problems.require(
        DATABASE.matcher(name).matches(),
        "database " + Quoted.of(name) + " has to have 1 to 63 letters, digits and '_'");
  }

  /**
   * Checks the name of an administrator.
   *
   * @param name the name
   * @param problems where to report
   */
  public static void user(String name, Problems problems) {
    // Not repeated: beside it stands where the password is, and the two get mixed up.
    problems.require(
        USER.matcher(name).matches(),
        "the admin's user has to have 1 to 16 lower case letters, digits and '_'");
  }
}
