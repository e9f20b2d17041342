/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there are no owners and no modes, as on Windows: here in an archive. */
class OtherFileSystemTest {
  @TempDir Path temporary;
  private FileSystem archive;

  @BeforeEach
  void open() throws IOException {
    archive = FileSystems.newFileSystem(temporary.resolve("archive.zip"), Map.of("create", true));
  }

  @AfterEach
  void close() throws IOException {
    archive.close();
  }

  @Test
  void foldersAreMadeAndLookedAtWithoutThem() throws IOException {
    Path folder = archive.getPath("/a/b");
    assertThatThrownBy(() -> PrivateFolder.require(folder)).isInstanceOf(NoSuchFileException.class);
    PrivateFolder.make(folder);
    PrivateFolder.make(folder);
    DataFolder.make(folder);
    new KnownFolder(folder).require();
    PrivateFolder.force(folder);
    assertThat(Files.isDirectory(folder)).isTrue();
  }

  @Test
  void aFileIsNoFolderAndAFolderNoFile() throws IOException {
    Path file = Files.writeString(archive.getPath("/file"), "text");
    assertThatThrownBy(() -> PrivateFolder.make(file)).isInstanceOf(NotDirectoryException.class);
    Path folder = Files.createDirectory(archive.getPath("/folder"));
    assertThatThrownBy(() -> PrivateFile.read(folder, 5)).hasMessageContaining("it is no file");
  }
}
