/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The streams of all tables of an account, also of those that are gone, for a day. */
public final class StreamCatalog {
  private final List<TableStream> streams = new CopyOnWriteArrayList<>();

  /**
   * Adds one.
   *
   * @param stream the stream
   */
  public void add(TableStream stream) {
    streams.removeIf(TableStream::isForgotten);
    streams.add(stream);
  }

  /** Those of a region, in the order in which the service lists them. */
  List<TableStream> in(String region, Predicate<TableStream> wanted) {
    streams.removeIf(TableStream::isForgotten);
    return streams.stream()
        .filter(stream -> stream.region().equals(region) && wanted.test(stream))
        .sorted(Comparator.comparing(TableStream::arn))
        .toList();
  }

  /** One of a region. */
  TableStream get(String region, String arn) {
    return in(region, stream -> stream.arn().equals(arn)).stream()
        .findFirst()
        .orElseThrow(
            () ->
                AwsError.badRequest(
                    "ResourceNotFoundException",
                    "Requested resource not found: Stream: " + arn + " not found"));
  }
}
