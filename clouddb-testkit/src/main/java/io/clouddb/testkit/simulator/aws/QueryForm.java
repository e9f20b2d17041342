/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The members of a request. Each is taken once; those that nobody takes are what is not simulated.
 */
public final class QueryForm {
  private static final int LONGEST_TAG_KEY = 128;
  private static final int LONGEST_TAG_VALUE = 256;
  private static final Pattern TAG =
      Pattern.compile("(?!aws:|rds:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private final Map<String, String> values;
  private final Set<String> taken = new HashSet<>(Set.of("Action", "Version"));

  QueryForm(Map<String, String> values) {
    this.values = values;
  }

  /**
   * A text.
   *
   * @param name the member
   * @return empty when it is not there
   */
  public Optional<String> text(String name) {
    taken.add(name);
    return Optional.ofNullable(values.get(name));
  }

  /**
   * A text that has to be there.
   *
   * @param name the member
   * @return not empty
   * @throws AwsError when it is not there
   */
  public String required(String name) {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                AwsError.badRequest(
                    "MissingParameter", "The request must contain the parameter " + name));
  }

  /**
   * A number.
   *
   * @param name the member
   * @return empty when it is not there
   * @throws AwsError when it is none
   */
  public Optional<Integer> integer(String name) {
    return text(name)
        .map(
            value -> {
              try {
                return Integer.valueOf(value);
              } catch (NumberFormatException e) {
                throw AwsError.value("Invalid value '" + value + "' for " + name);
              }
            });
  }

  /**
   * A truth value.
   *
   * @param name the member
   * @return empty when it is not there
   * @throws AwsError when it is none
   */
  public Optional<Boolean> bool(String name) {
    return text(name)
        .map(
            value ->
                switch (value) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw AwsError.value("Invalid value '" + value + "' for " + name);
                });
  }

  /**
   * A list of texts, for example {@code texts("VpcSecurityGroupIds.VpcSecurityGroupId")}.
   *
   * @param list the member and what stands before the numbers
   * @return in order; empty when it is not there
   */
  public List<String> texts(String list) {
    List<String> all = new ArrayList<>();
    for (int i = 1; values.containsKey(list + "." + i); i++) {
      all.add(text(list + "." + i).orElseThrow());
    }
    return all;
  }

  /**
   * A list of structures, for example {@code structures("Tags.Tag", "Key", "Value")}.
   *
   * @param list the member and what stands before the numbers
   * @param members those of a structure
   * @return in order, each with the members that are there
   */
  public List<Map<String, String>> structures(String list, String... members) {
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

  /**
   * The member {@code Tags}. The RDS API Reference, <em>Tag</em>: 1 to 128 and at most 256 of the
   * characters of its pattern, neither "prefixed with aws: or rds:".
   *
   * @return in order
   * @throws AwsError when a key is there twice, or one of them is none
   */
  public Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Map<String, String> tag : structures("Tags.Tag", "Key", "Value")) {
      String key = tag.getOrDefault("Key", "");
      if (key.isEmpty()
          || key.length() > LONGEST_TAG_KEY
          || !TAG.matcher(key).matches()
          || tags.containsKey(key)) {
        throw AwsError.value("Invalid or duplicate tag key '" + key + "'");
      }
      String value = tag.getOrDefault("Value", "");
      if (value.length() > LONGEST_TAG_VALUE || !TAG.matcher(value).matches()) {
        throw AwsError.value("Invalid value of the tag '" + key + "'");
      }
      tags.put(key, value);
    }
    return tags;
  }

  /**
   * To be called when everything is taken, and before anything has an effect.
   *
   * @throws NotSimulatedException naming a member that nobody took
   */
  public void complete() {
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
