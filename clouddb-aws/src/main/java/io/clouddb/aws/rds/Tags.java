/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.rds.model.Tag;

/** Which tags RDS takes. Source: <em>Tagging Amazon RDS resources</em>, Amazon RDS User Guide. */
final class Tags {
  /** RDS allows 50; one is this library's. */
  static final int MOST = 49;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final String RESERVED = "aws:";

  /** Of keys and of values: <em>Tag</em> in the API Reference. */
  private static final List<String> PREFIXES = List.of(RESERVED, "rds:");

  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private static final int MOST_TOGETHER = 50;

  private Tags() {}

  /**
   * All that something is made with: those that are asked for and those of its source, and the one
   * by which it is known again.
   *
   * @throws CloudDbException when RDS would not take as many
   */
  static List<Tag> together(List<Tag> wanted, StepContext context) {
    List<Tag> tags = new ArrayList<>(wanted);
    tags.add(Tag.builder().key(OperationState.CREATION_TAG).value(context.state().id()).build());
    requireFew(
        tags.size(),
        "those of its source and this library's",
        "Ask for fewer tags, or remove some from its source.",
        context);
    return tags;
  }

  /**
   * Refuses a change that RDS would not take. Those that AWS itself has set "don't count".
   *
   * @param there what the instance has
   * @param more what is to be added
   * @param context the operation
   */
  static void requireRoom(
      Map<String, String> there, Map<String, String> more, StepContext context) {
    Set<String> all = new TreeSet<>(there.keySet());
    all.removeIf(key -> key.startsWith(RESERVED));
    all.addAll(more.keySet());
    requireFew(
        all.size(),
        "those that it has",
        "Ask for fewer tags, or remove some from it first.",
        context);
  }

  private static void requireFew(int tags, String others, String nextStep, StepContext context) {
    if (tags > MOST_TOGETHER) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "%s would have %d tags with %s, and RDS takes %d"
                  .formatted(context.name(), tags, others, MOST_TOGETHER))
          .resource(context.resource().toString())
          .nextStep(nextStep)
          .toException();
    }
  }

  /** As the SDK has them. */
  static List<Tag> of(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build())
        .toList();
  }

  /** Why RDS does not take tags; empty when it does. */
  static Optional<String> whyNot(Map<String, String> tags) {
    return tags.size() > MOST
        ? Optional.of("RDS takes " + MOST + " tags beside this library's")
        : tags.entrySet().stream()
            .flatMap(tag -> whyNot(tag.getKey(), tag.getValue()).stream())
            .findFirst();
  }

  private static Optional<String> whyNot(String key, String value) {
    for (String prefix : PREFIXES) {
      if (key.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return Optional.of("the key '" + key + "' begins with " + prefix + ", which is AWS's own");
      }
      if (value.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return Optional.of(
            "the value of '" + key + "' begins with " + prefix + ", which is AWS's own");
      }
    }
    if (key.length() > LONGEST_KEY || !TEXT.matcher(key).matches()) {
      return Optional.of(
          "the key '" + key + "' has to have 1 to 128 letters, digits, spaces and + - = . _ : / @");
    }
    if (value.length() > LONGEST_VALUE || !TEXT.matcher(value).matches()) {
      return Optional.of(
          "the value of '"
              + key
              + "' has to have at most 256 letters, digits, spaces and + - = . _ : / @");
    }
    return Optional.empty();
  }
}
