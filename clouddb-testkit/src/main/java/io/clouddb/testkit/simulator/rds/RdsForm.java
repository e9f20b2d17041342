/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.testkit.simulator.NotSimulatedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of a request. Each is taken once; those that nobody takes are what is not simulated.
 */
final class RdsForm {
  private final Map<String, String> values;
  private final Set<String> taken = new HashSet<>(Set.of("Action", "Version"));

  RdsForm(Map<String, String> values) {
    this.values = values;
  }

  Optional<String> text(String name) {
    taken.add(name);
    return Optional.ofNullable(values.get(name));
  }

  String required(String name) {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                RdsError.badRequest(
                    "MissingParameter", "The request must contain the parameter " + name));
  }

  Optional<Integer> integer(String name) {
    return text(name)
        .map(
            value -> {
              try {
                return Integer.valueOf(value);
              } catch (NumberFormatException e) {
                throw RdsError.value("Invalid value '" + value + "' for " + name);
              }
            });
  }

  Optional<Boolean> bool(String name) {
    return text(name)
        .map(
            value ->
                switch (value) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw RdsError.value("Invalid value '" + value + "' for " + name);
                });
  }

  /** For example {@code texts("VpcSecurityGroupIds.VpcSecurityGroupId")}. */
  List<String> texts(String list) {
    List<String> all = new ArrayList<>();
    for (int i = 1; values.containsKey(list + "." + i); i++) {
      all.add(text(list + "." + i).orElseThrow());
    }
    return all;
  }

  /** For example {@code structures("Tags.Tag", "Key", "Value")}. */
  List<Map<String, String>> structures(String list, String... members) {
    List<Map<String, String>> all = new ArrayList<>();
    while (true) {
      String prefix = list + "." + (all.size() + 1) + ".";
      Map<String, String> one = new LinkedHashMap<>();
      for (String member : members) {
        text(prefix + member).ifPresent(value -> one.put(member, value));
      }
      if (one.isEmpty()) {
        return all;
      }
      all.add(one);
    }
  }

  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Map<String, String> tag : structures("Tags.Tag", "Key", "Value")) {
      String key = tag.getOrDefault("Key", "");
      if (key.isEmpty() || key.startsWith("aws:") || tags.containsKey(key)) {
        throw RdsError.value("Invalid or duplicate tag key '" + key + "'");
      }
      tags.put(key, tag.getOrDefault("Value", ""));
    }
    return tags;
  }

  /** To be called when everything is taken, and before anything has an effect. */
  void complete() {
    values.keySet().stream()
        .filter(name -> !taken.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(
            name -> {
              throw new NotSimulatedException("the member " + name + " of " + values.get("Action"));
            });
  }
}
