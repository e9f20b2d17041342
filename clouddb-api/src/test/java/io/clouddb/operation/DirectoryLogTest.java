/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLogTest {
  @TempDir Path temporary;
  private Path folder;
  private OperationLog log;

  @BeforeEach
  void open() {
    folder = temporary.resolve("operations");
    log = OperationLog.directory(folder);
  }

  @Test
  void keepsTheNewestStateOfEachUntilItIsRemoved() {
    assertThat(log.read()).isEmpty();
    log.write("op-1", "a");
    log.write("op-2", "b");
    log.write("op-1", "c");
    assertThat(OperationLog.directory(folder).read())
        .containsOnly(
            org.assertj.core.api.Assertions.entry("op-1", "c"),
            org.assertj.core.api.Assertions.entry("op-2", "b"));
    log.remove("op-1");
    log.remove("op-1");
    assertThat(log.read()).containsOnlyKeys("op-2");
  }

  @Test
  void isPrivate() throws IOException {
    log.write("op-1", "a");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("op-1.operation"))))
        .isEqualTo("rw-------");
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> OperationLog.directory(open))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("others may write");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/b", "A", "a.b"})
  void anIdIsNoPath(String id) {
    assertThatThrownBy(() -> log.write(id, "a")).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> log.remove(id)).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void whatIsInTheWayIsToldByName() throws IOException {
    Files.createDirectory(folder.resolve("op-1.operation"));
    assertThatThrownBy(() -> log.write("op-1", "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("operation log cannot be written");
    assertThatThrownBy(log::read)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("operation log cannot be read");
  }

  @Test
  void aDraftOfAKilledProcessIsNoEntry() throws IOException {
    Files.writeString(folder.resolve("op-1.operation.0-1.tmp"), "half");
    assertThat(log.read()).isEmpty();
  }
}
