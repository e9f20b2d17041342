/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is used for months, while cleaners, mounts and its owner do what they do. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no owners and modes as POSIX has them")
class KnownFolderTest {
  @TempDir Path temporary;
  private Path folder;
  private KnownFolder known;

  @BeforeEach
  void name() {
    folder = temporary.resolve("folder");
    known = new KnownFolder(folder);
  }

  private int mode() throws IOException {
    return (int) Files.getAttribute(folder, "unix:mode") & 07777;
  }

  private void mode(int mode) throws IOException {
    Files.setAttribute(folder, "unix:mode", mode);
  }

  @Test
  void isMadeWhereThereIsNone() throws IOException {
    assertThatThrownBy(known::require).isInstanceOf(NoSuchFileException.class);
    known.make();
    assertThat(mode()).isEqualTo(00700);
    known.require();
  }

  @Test
  void isMadeAnewWhenACleanerHasRemovedIt() throws IOException {
    known.make();
    Files.delete(folder);
    assertThatThrownBy(known::require).isInstanceOf(NoSuchFileException.class);
    known.make();
    assertThat(mode()).isEqualTo(00700);
  }

  /** What was made is known from then on, and not only when it was looked at again. */
  @Test
  void oneThatWasMadeBecomesWhatItWas() throws IOException {
    known.make();
    mode(00770);
    known.require();
    assertThat(mode()).isEqualTo(00700);
  }

  @Test
  void oneThatItsOwnerClosedFurtherStaysSo() throws IOException {
    Files.createDirectory(folder);
    mode(00755);
    known.require();
    mode(00700);
    known.require();
    assertThat(mode()).isEqualTo(00700);
  }
}
