/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import java.util.List;
import java.util.stream.Stream;

/**
 * The DB instance classes that there are, in every region and for every version: a part of those of
 * the service.
 */
final class Offers {
  /**
   * What can be ordered.
   *
   * @param version the engine's
   * @param instanceClass the class
   * @param storage the storage type
   */
  record Option(String version, String instanceClass, String storage) {
    String key() {
      return version + "/" + instanceClass + "/" + storage;
    }
  }

  private static final List<String> BURSTABLE =
      List.of("micro", "small", "medium", "large", "xlarge", "2xlarge");

  private static final List<String> OTHERS =
      List.of("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge");

  private static final List<String> STORAGE = List.of("gp2", "gp3", "io1", "io2");

  private static final List<String> CLASSES =
      Stream.concat(
              BURSTABLE.stream().map(size -> "db.t4g." + size),
              Stream.of("m6g", "r6g", "m7g", "r7g", "x2g")
                  .flatMap(family -> OTHERS.stream().map(size -> "db." + family + "." + size)))
          .toList();

  private Offers() {}

  static boolean has(String instanceClass) {
    return CLASSES.contains(instanceClass);
  }

  /** All that can be ordered, sorted by {@link Option#key}. */
  static List<Option> all() {
    return InstanceRules.versions().stream()
        .flatMap(
            version ->
                CLASSES.stream()
                    .flatMap(name -> STORAGE.stream().map(type -> new Option(version, name, type))))
        .sorted(java.util.Comparator.comparing(Option::key))
        .toList();
  }
}
