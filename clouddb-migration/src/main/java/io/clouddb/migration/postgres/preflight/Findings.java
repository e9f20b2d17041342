/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects findings; the same thing is found once. */
final class Findings {
  private record Key(String code, String object) {}

  private final Set<String> leftBehind;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Key> known = new HashSet<>();

  /**
   * Starts a collection.
   *
   * @param leftBehind objects that the caller knows will not come along
   */
  Findings(Set<String> leftBehind) {
    this.leftBehind = leftBehind;
  }

  void error(String code, String object, String message, String remedy) {
    add(new Finding(Severity.ERROR, code, object, message, remedy));
  }

  void warning(String code, String object, String message, String remedy) {
    add(new Finding(Severity.WARNING, code, object, message, remedy));
  }

  void info(String code, String object, String message, String remedy) {
    add(new Finding(Severity.INFO, code, object, message, remedy));
  }

  /** An object that does not come along: an error, unless the caller said that it may stay. */
  void notCarried(String code, String object, String message, String remedy) {
    if (leftBehind.contains(object)) {
      warning(code, object, message, "It stays behind, as the options say.");
    } else {
      error(
          code,
          object,
          message,
          remedy + " Or name it, as it is written here, among what may be left behind.");
    }
  }

  boolean contains(String code) {
    return findings.stream().anyMatch(finding -> finding.code().equals(code));
  }

  /**
   * Whether something is known that would keep the schema from being made on the target; or code in
   * it of roles that nobody trusts, which the server runs when it makes checks and the like, or may
   * be there, since a check was not completed.
   */
  boolean preventsMaking() {
    return findings.stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Finding::code)
        .anyMatch(
            code ->
                code.startsWith("both.")
                    || code.equals("source.code")
                    || code.equals("preflight.incomplete")
                    || (code.startsWith("target.") && !code.startsWith("target.role-")));
  }

  /** The findings, the worst first, and otherwise in the order of the checks. */
  List<Finding> sorted() {
    return findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
  }

  void add(Finding finding) {
    if (known.add(new Key(finding.code(), finding.object()))) {
      findings.add(finding);
    }
  }
}
