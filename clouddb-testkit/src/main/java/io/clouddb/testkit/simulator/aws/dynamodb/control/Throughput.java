/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The provisioned throughput of a table or an index; nothing on demand. Raised at any time, lowered
 * four times on a day in UTC, and after that once an hour.
 */
final class Throughput {
  private static final int FREE_DECREASES = 4;
  private static final Duration BETWEEN_DECREASES = Duration.ofHours(1);
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern(
          "EEEE, MMMM d, yyyy 'at' h:mm:ss a 'Coordinated Universal Time'", Locale.US);

  private volatile long read;
  private volatile long write;
  private @Nullable Instant increased;
  private @Nullable Instant decreased;
  private @Nullable LocalDate day;
  private int decreases;

  Throughput(long read, long write) {
    this.read = read;
    this.write = write;
  }

  long read() {
    return read;
  }

  long write() {
    return write;
  }

  boolean is(long reads, long writes) {
    return read == reads && write == writes;
  }

  /** Changes it without a trace, as a change of the billing mode does. */
  void set(long reads, long writes) {
    read = reads;
    write = writes;
  }

  private static LocalDate dayOf(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }

  private int decreasesToday(Instant now) {
    return dayOf(now).equals(day) ? decreases : 0;
  }

  /** Refuses a decrease too many. */
  void requireMayBecome(long reads, long writes, Instant now) {
    int today = decreasesToday(now);
    Instant last = decreased;
    if ((reads < read || writes < write)
        && today >= FREE_DECREASES
        && last != null
        && last.plus(BETWEEN_DECREASES).isAfter(now)) {
      throw Refusals.limit(
          "Provisioned throughput decreases are limited within a given UTC day. After the first 4"
              + " decreases, each subsequent decrease in the same UTC day can be performed at most"
              + " once every 3600 seconds. Number of decreases today: "
              + today
              + ". Last decrease at "
              + shown(last)
              + ". Next decrease can be made at "
              + shown(last.plus(BETWEEN_DECREASES)));
    }
  }

  /** A moment as errors name it. */
  static String shown(Instant moment) {
    return SHOWN.format(moment.atOffset(ZoneOffset.UTC));
  }

  /** Notes what a change is that begins now. */
  void note(long reads, long writes, Instant now) {
    if (reads > read || writes > write) {
      increased = now;
    }
    if (reads < read || writes < write) {
      decreases = decreasesToday(now) + 1;
      day = dayOf(now);
      decreased = now;
    }
  }

  /** What descriptions say of it. */
  ObjectNode described(Instant now) {
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    if (increased != null) {
      described.put("LastIncreaseDateTime", Json.seconds(increased));
    }
    if (decreased != null) {
      described.put("LastDecreaseDateTime", Json.seconds(decreased));
    }
    return described
        .put("NumberOfDecreasesToday", decreasesToday(now))
        .put("ReadCapacityUnits", read)
        .put("WriteCapacityUnits", write);
  }

  /** What a request for what it already is, is told. */
  AwsError unchanged(String what, String of) {
    return AwsError.badRequest(
        "ValidationException",
        "The provisioned throughput for "
            + what
            + " will not change. The requested value equals the current value. Current"
            + " ReadCapacityUnits provisioned for "
            + of
            + ": "
            + read
            + ". Requested ReadCapacityUnits: "
            + read
            + ". Current WriteCapacityUnits provisioned for "
            + of
            + ": "
            + write
            + ". Requested WriteCapacityUnits: "
            + write
            + ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request"
            + " higher limits.");
  }
}
