/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A place in a shard, as it is handed to a reader and comes back.
 *
 * @param stream ARN of the stream
 * @param shard id of the shard
 * @param number the first entry to be read
 * @param issued when it was handed out
 */
record StreamIterator(String stream, String shard, long number, Instant issued) {
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final String VERSION = "|1|";

  String text() {
    String place = shard + ":" + number + ":" + issued.toEpochMilli();
    return stream
        + VERSION
        + Base64.getEncoder().encodeToString(place.getBytes(StandardCharsets.UTF_8));
  }

  static StreamIterator of(String text) {
    int end = text.indexOf(VERSION);
    if (end > 0) {
      try {
        String place =
            new String(
                Base64.getDecoder().decode(text.substring(end + VERSION.length())),
                StandardCharsets.UTF_8);
        String[] parts = place.split(":");
        if (parts.length == 3) {
          return new StreamIterator(
              text.substring(0, end),
              parts[0],
              Long.parseLong(parts[1]),
              Instant.ofEpochMilli(Long.parseLong(parts[2])));
        }
      } catch (IllegalArgumentException e) {
        // Not one of these, which is refused below.
      }
    }
    throw AwsError.badRequest("ValidationException", "Invalid ShardIterator");
  }

  StreamIterator at(long next, Instant now) {
    return new StreamIterator(stream, shard, next, now);
  }

  void requireFresh(Instant now) {
    if (issued.plus(LIFE).isBefore(now)) {
      throw AwsError.badRequest(
          "ExpiredIteratorException",
          "Iterator expired: The provided iterator has expired because it exceeds the maximum age"
              + " allowed.");
    }
  }
}
