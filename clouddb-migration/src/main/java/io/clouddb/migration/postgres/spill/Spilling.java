/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.SlotStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * That the stream of a migration goes through files, and whether the source is to be told of what
 * is in them. Safe for use by many threads.
 */
public final class Spilling {
  private final Path folder;
  private final long mostBytes;
  private volatile boolean engaged;
  private volatile String trouble = "";

  /**
   * Describes it; nothing is made yet.
   *
   * @param folder gets a folder for each slot
   * @param mostBytes how much the files of a slot may hold when another transaction begins
   */
  public Spilling(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /**
   * Reads ahead and confirms to the source what is in the files; or no further than the apply needs
   * it, and nothing that is not durable on the target.
   *
   * @param now which of both from now on
   */
  public void engage(boolean now) {
    engaged = now;
  }

  /**
   * Whether the source is told of what is in the files.
   *
   * @return false at first
   */
  public boolean engaged() {
    return engaged;
  }

  /**
   * Why the files take nothing at the moment.
   *
   * @return in words; empty when they do
   */
  public String trouble() {
    return trouble;
  }

  void trouble(String what) {
    trouble = what;
  }

  long mostBytes() {
    return mostBytes;
  }

  /**
   * Where the files are.
   *
   * @return the folder above the slots'
   */
  public Path folder() {
    return folder;
  }

  SpillFolder of(String slot) {
    // A slot is what makes a stream: another one of that name begins behind the end of the last.
    return new SpillFolder(folder.resolve(slot), slot);
  }

  /**
   * Checks that a migration can go on from a position: the slot still has everything, or what it
   * was told to forget is in the files.
   *
   * @param connection an ordinary connection to the source
   * @param slot the slot's name
   * @param from the position that is durable on the target
   * @throws CloudDbException when changes are missing; names the folder and what to do
   * @throws SQLException when the catalog cannot be read
   */
  public void requireUsable(Connection connection, String slot, LogSequenceNumber from)
      throws SQLException {
    SlotStatus status = SlotStatus.require(connection, slot, from);
    if (status.confirmed().compareTo(from) > 0) {
      // The slot's place is not looked at again: whoever spills may be at work, and moves it.
      LogSequenceNumber end = contents(slot, status, from).end();
      SlotStatus.require(connection, slot, end);
    }
  }

  /** What the files hold; they reach from a position to where the slot stands, or it throws. */
  SpillFolder.Contents contents(String slot, SlotStatus status, LogSequenceNumber from) {
    SpillFolder files = of(slot);
    try {
      SpillFolder.Contents contents = files.read(from);
      if (contents.end().compareTo(status.confirmed()) >= 0) {
        return contents;
      }
      throw lost(
          files,
          status,
          from,
          "they end at "
              + contents.end().asString()
              + (contents.torn().isEmpty() ? "" : " (" + contents.torn() + ")"),
          null);
    } catch (IOException e) {
      throw lost(files, status, from, String.valueOf(e.getMessage()), e);
    }
  }

  private static CloudDbException lost(
      SpillFolder files,
      SlotStatus status,
      LogSequenceNumber from,
      String what,
      @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The target stands at "
                + from.asString()
                + " and slot "
                + status.name()
                + " at "
                + status.confirmed().asString()
                + "; the changes between the two were spilled to files of "
                + files.folder()
                + ", which do not have them: "
                + what)
        .nextStep(
            "Run the migration on the machine with that folder, or bring its files back as they"
                + " were; when they are lost, abort the migration and start it anew")
        .toException(cause);
  }

  /** A file cannot be read or written any more in the middle of the work. */
  static CloudDbException failed(SpillFolder files, IOException cause) {
    return ErrorDetails.of(
            ErrorCategory.DATA, "The spill in " + files.folder() + " failed: " + cause.getMessage())
        .nextStep(
            "Bring the folder's files back as they were and run the migration again; when they are"
                + " lost, abort it and start it anew")
        .toException(cause);
  }

  /**
   * Whether there are files of a slot.
   *
   * @param slot the slot's name
   * @return false when there are none
   * @throws IOException when the folder cannot be read
   */
  public boolean holds(String slot) throws IOException {
    return !of(slot).numbers().isEmpty();
  }

  /**
   * Removes the files of a slot. There may be none.
   *
   * @param slot the slot's name
   * @throws IOException when they cannot be removed
   */
  public void remove(String slot) throws IOException {
    of(slot).remove();
  }

  /**
   * Tries whether files can be made.
   *
   * @return why not; empty when they can
   */
  public Optional<String> unusable() {
    return Optional.ofNullable(SpillFolder.unusable(folder));
  }
}
