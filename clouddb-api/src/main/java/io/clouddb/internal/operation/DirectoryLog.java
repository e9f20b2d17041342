/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import io.clouddb.operation.OperationLog;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One private file for each operation, replaced as a whole. */
public final class DirectoryLog implements OperationLog {
  private static final String SUFFIX = ".operation";
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,100}");
  private static final int LARGEST = 1 << 20;

  private final Path folder;

  /**
   * Opens a log.
   *
   * @param folder made when it is missing
   */
  public DirectoryLog(Path folder) {
    this.folder = folder.toAbsolutePath();
    try {
      PrivateFolder.make(this.folder);
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The folder of the operation log cannot be used: " + e.getMessage())
          .resource(this.folder.toString())
          .toException(e);
    }
  }

  @Override
  public void write(String id, String token) {
    try {
      PrivateFile.replace(file(id), token, PrivateFile.Durability.WHOLE);
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  @Override
  public void remove(String id) {
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  @Override
  public Map<String, String> read() {
    Map<String, String> all = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        try {
          all.put(
              name.substring(0, name.length() - SUFFIX.length()),
              PrivateFile.readText(file, LARGEST));
        } catch (NoSuchFileException e) {
          // It ended while the others were read.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw failed("read", Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failed("read", e);
    }
    return all;
  }

  private Path file(String id) {
    if (!ID.matcher(id).matches()) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "No id of an operation has this form")
          .toException();
    }
    return folder.resolve(id + SUFFIX);
  }

  private CloudDbException failed(String what, IOException e) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The operation log cannot be " + what + ": " + e.getMessage())
        .resource(folder.toString())
        .retryable(false)
        .nextStep("Look at the disk and at who may write to the folder.")
        .toException(e);
  }
}
