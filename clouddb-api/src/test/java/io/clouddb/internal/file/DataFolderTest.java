/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no owners and modes as POSIX has them")
class DataFolderTest {
  @TempDir Path volume;
  private Path data;

  @BeforeEach
  void make() throws IOException {
    data = volume.resolve("data");
    DataFolder.make(data);
    PrivateFile.create(data.resolve("file"), "text");
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }

  private static void mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  private void mount() throws IOException {
    mode(volume, 02775);
    mode(data, 02770);
  }

  private void assertRefused(int mode) throws IOException {
    assertThatThrownBy(() -> DataFolder.make(data))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("others may write to it");
    assertThatThrownBy(() -> DataFolder.require(data)).isInstanceOf(FileSystemException.class);
    assertThat(mode(data)).isEqualTo(mode);
  }

  @Test
  void isClosedAgainAfterTheVolumeWasMounted() throws IOException {
    mount();
    DataFolder.make(data);
    assertThat(mode(data)).isEqualTo(00700);

    mount();
    DataFolder.require(data);
    assertThat(mode(data)).isEqualTo(00700);
  }

  @Test
  void isClosedAgainInOneThatWasClosedBefore() throws IOException {
    mode(volume, 00700);
    mode(data, 02770);
    DataFolder.require(data);
    assertThat(mode(data)).isEqualTo(00700);
  }

  /** Its owner made it so, and it is not for a library to take it from his group. */
  @Test
  void isLeftAloneWhereOnlyItIsAGroups() throws IOException {
    mode(volume, 00755);
    mode(data, 02770);
    assertRefused(02770);
    assertThatThrownBy(() -> DataFolder.make(data)).hasMessageContaining("OnRootMismatch");
  }

  @Test
  void isLeftAloneWhereOthersMayDoSomething() throws IOException {
    for (int mode : new int[] {02775, 02772, 00770}) {
      mount();
      mode(data, mode);
      assertRefused(mode);
    }
  }

  @Test
  void isLeftAloneWhenSomethingElseIsInIt() throws IOException {
    Path link = Files.createSymbolicLink(data.resolve("link"), volume);
    mount();
    assertRefused(02770);
    Files.delete(link);
    DataFolder.require(data);
  }

  @Test
  void isLeftAloneWhenSomethingOfSomebodyElseIsInIt() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid")),
        "only root can give a file to somebody else");
    Files.setOwner(
        Files.createFile(data.resolve("planted")),
        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    mount();
    assertRefused(02770);
  }

  /** Also where root, who could close it, asks. */
  @Test
  void isLeftAloneWhenItIsSomebodyElses() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid")),
        "only root can give a folder to somebody else");
    mount();
    Files.setOwner(
        data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    mode(data, 02770);
    assertRefused(02770);
  }

  @Test
  void oneOfProgramsIsNeverClosedAgain() throws IOException {
    mount();
    assertThatThrownBy(() -> PrivateFolder.make(data)).isInstanceOf(FileSystemException.class);
    assertThat(mode(data)).isEqualTo(02770);
  }

  @Test
  void oneThatIsInUseBecomesWhatItWas() throws IOException {
    mode(data, 00755);
    KnownFolder known = new KnownFolder(data);
    known.require();
    for (int mode : new int[] {00775, 02775}) {
      mode(data, mode);
      known.require();
      assertThat(mode(data)).isEqualTo(00755);
      mode(data, mode);
      known.make();
      assertThat(mode(data)).isEqualTo(00755);
    }
    mode(data, 00777);
    assertThatThrownBy(known::require).isInstanceOf(FileSystemException.class);
    assertThat(mode(data)).isEqualTo(00777);
  }

  @Test
  void oneThatCameInItsPlaceIsNotThatOne() throws IOException {
    KnownFolder known = new KnownFolder(data);
    known.require();
    Files.move(data, volume.resolve("old"));
    Files.createDirectory(data);
    mode(data, 00775);
    assertThatThrownBy(known::require).isInstanceOf(FileSystemException.class);
    assertThat(mode(data)).isEqualTo(00775);
  }
}
