/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs are run from these directories: nobody else may have put something into one. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no owners and modes as POSIX has them")
class PrivateDirectoriesTest {
  @TempDir Path folder;
  private Path theirs;

  @BeforeEach
  void make() throws IOException {
    theirs = Files.createDirectory(folder.resolve("theirs"));
  }

  private static OperatingUser user() {
    return OperatingUser.find(Platform.current());
  }

  private static UserPrincipal somebodyElse(Path of) throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(of, "unix:uid")),
        "only root can give a folder to somebody else");
    return of.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
  }

  @Test
  void doesNotFollowSomebodysLinkToTheBinaries() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("clouddb-testkit-me"), theirs);

    assertThatThrownBy(() -> WorkDirectory.find(link, user()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("link");
    assertThat(theirs).isEmptyDirectory();
  }

  @Test
  void runsNothingFromAFolderThatOthersCouldWriteTo() throws IOException {
    for (String mode : new String[] {"rwxrwxrwx", "rwxrwx---"}) {
      Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString(mode));

      assertThatThrownBy(() -> WorkDirectory.find(theirs, user()))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining(mode)
          .hasMessageContaining("chmod");
      assertThat(theirs).isEmptyDirectory();
    }
  }

  @Test
  void runsNothingFromAFolderOfSomebodyElse() throws IOException {
    Files.setOwner(theirs, somebodyElse(theirs));

    assertThatThrownBy(() -> WorkDirectory.find(theirs, user()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void looksAgainAtAFolderThatWasGoodBefore() throws IOException {
    Path work = folder.resolve("work");
    WorkDirectory.find(work, user());
    Files.delete(work);
    Files.createSymbolicLink(work, theirs);

    assertThatThrownBy(() -> WorkDirectory.find(work, user()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("link");
  }

  @Test
  void leavesTheModeOfAFolderThatSomebodyNamed() throws IOException {
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));

    WorkDirectory.find(theirs, user());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(theirs)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void startsNoServerOnDataThatOthersCouldHaveMade() throws IOException {
    Files.createDirectory(theirs.resolve("data"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);

    assertThatThrownBy(() -> EmbeddedPostgres.builder().dataDirectory(link).start())
        .hasMessageContaining("link");
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> EmbeddedPostgres.builder().dataDirectory(theirs).start())
        .hasMessageContaining("rwxrwxrwx");
  }

  @Test
  void givesNobodyTheFileThatALinkLeadsTo() throws IOException {
    UserPrincipal nobody = somebodyElse(theirs);
    Path mine = Files.writeString(folder.resolve("mine"), "mine");
    UserPrincipal before = Files.getOwner(mine);
    Files.createSymbolicLink(theirs.resolve("planted"), mine);
    var other = OperatingUser.tryWay(OperatingUser.Way.SETPRIV);
    assumeTrue(other.isPresent(), "no setpriv on this machine");

    other.get().own(theirs);

    assertThat(Files.getOwner(theirs)).isNotEqualTo(before);
    assertThat(Files.getOwner(mine)).isEqualTo(before).isNotEqualTo(nobody);
  }

  @Test
  void givesNobodyTheFileThatHasAnotherNameElsewhere() throws IOException {
    somebodyElse(theirs);
    Path mine = Files.writeString(folder.resolve("mine"), "mine");
    UserPrincipal before = Files.getOwner(mine);
    Files.createLink(theirs.resolve("planted"), mine);
    var other = OperatingUser.tryWay(OperatingUser.Way.SETPRIV);
    assumeTrue(other.isPresent(), "no setpriv on this machine");

    try {
      other.get().own(theirs);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("planted");
    }

    assertThat(Files.getOwner(mine)).isEqualTo(before);
  }

  /** What is in a template belongs to the user whom root's servers run as. */
  @Test
  void copiesNoFileThatALinkInATemplateLeadsTo() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine"), "mine");
    Files.createSymbolicLink(theirs.resolve("planted"), mine);

    Path copy = folder.resolve("copy");
    DirectoryTree.copy(theirs, copy);

    assertThat(Files.isRegularFile(copy.resolve("planted"), LinkOption.NOFOLLOW_LINKS))
        .as("what the link leads to was copied, and is given to that user next")
        .isFalse();
  }

  /** Root's server runs as another user, who gets his data and no say in what root does. */
  @Test
  void whatRootWritesToStaysRoots() throws IOException {
    UserPrincipal nobody = somebodyElse(theirs);
    var other = OperatingUser.tryWay(OperatingUser.Way.SETPRIV);
    assumeTrue(other.isPresent(), "no setpriv on this machine");
    OperatingUser user = other.get();
    UserPrincipal root = Files.getOwner(theirs);
    assertThat(root).isNotEqualTo(nobody);

    Path directory;
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().durable(false).ssl(true).operatingUser(user).start()) {
      directory = server.directory();
      server.setting("work_mem", "5MB").reload().restart();
      assertThat(Files.getOwner(directory)).isEqualTo(root);
      assertThat(Files.getOwner(server.log())).isEqualTo(root);
      assertThat(Files.getOwner(directory.resolve("superuser.secret"))).isEqualTo(root);
      assertThat(Files.getOwner(directory.resolve("data"))).isNotEqualTo(root);
      assertThat(Command.succeeds(user.command(List.of("test", "-w", directory.toString()))))
          .isFalse();
      assertThat(Command.succeeds(user.command(List.of("test", "-r", directory.toString()))))
          .isFalse();
    }
    assertThat(directory).doesNotExist();
  }
}
