/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no owners and modes as POSIX has them")
class PrivateFilesTest {
  @TempDir Path folder;

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private UserPrincipal nobody() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid")),
        "only root can give a file to somebody else");
    return folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
  }

  private void giveToNobody(Path path) throws IOException {
    Files.getFileAttributeView(
            path, java.nio.file.attribute.FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setOwner(nobody());
  }

  @Test
  void makesEachFolderThatIsMissingForItsOwnerAlone() throws IOException {
    PrivateFolder.make(folder.resolve("a/b"));
    PrivateFolder.make(folder.resolve("a/b"));

    assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
    assertThat(folder.resolve("a/b")).isEmptyDirectory();
  }

  @Test
  void leavesAFolderThatOthersMayOnlyRead() throws IOException {
    mode(folder, "rwxr-xr-x");
    PrivateFolder.make(folder);
    assertThat(mode(folder)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void refusesAFolderThatOthersMayWriteToAlsoWithTheStickyBit() throws IOException {
    for (String mode : List.of("rwxrwx---", "rwx----w-")) {
      mode(folder, mode);
      assertThatThrownBy(() -> PrivateFolder.make(folder))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("(" + mode + ")")
          .hasMessageContaining("chmod go-w")
          .hasMessageNotContaining("OnRootMismatch");
    }
    Files.setAttribute(folder, "unix:mode", 01777);
    assertThatThrownBy(() -> PrivateFolder.make(folder)).hasMessageContaining("rwxrwxrwx");
  }

  @Test
  void goesThroughAFolderOfAllWithTheStickyBitOnly() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);
    PrivateFolder.make(shared.resolve("mine"));
    assertThat(mode(shared.resolve("mine"))).isEqualTo("rwx------");

    Files.setAttribute(shared, "unix:mode", 00777);
    for (String name : List.of("mine", "new", "new/deeper")) {
      assertThatThrownBy(() -> PrivateFolder.make(shared.resolve(name)))
          .hasMessageContaining(shared.toString())
          .hasMessageContaining("chmod +t");
    }
    assertThat(shared.resolve("new")).doesNotExist();
  }

  @Test
  void refusesALinkAndWhatIsNoFolder() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("absent"));
    Path file = Files.createFile(folder.resolve("file"));

    for (Path each : List.of(link, dangling)) {
      assertThatThrownBy(() -> PrivateFolder.make(each)).hasMessageContaining("link");
    }
    assertThatThrownBy(() -> PrivateFolder.make(file)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> PrivateFolder.make(dangling.resolve("below")))
        .isInstanceOf(IOException.class);
    assertThat(folder.resolve("absent")).doesNotExist();
    PrivateFolder.make(link.resolve("below")); // The user's own link, further up.
    assertThat(real.resolve("below")).isDirectory();
  }

  @Test
  void refusesAFolderAndALinkOnTheWayOfSomebodyElse() throws IOException {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);
    giveToNobody(theirs);
    giveToNobody(link);

    assertThatThrownBy(() -> PrivateFolder.make(theirs)).hasMessageContaining("nobody");
    assertThatThrownBy(() -> PrivateFolder.make(link.resolve("mine")))
        .hasMessageContaining("a link that nobody has put there");
    PrivateFolder.make(theirs, "nobody");
  }

  /** Whose the folder is could lead the way elsewhere without a link. */
  @Test
  void goesThroughALinkOfTheFoldersOwner() throws IOException {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Path link = Files.createSymbolicLink(theirs.resolve("link"), mine);
    giveToNobody(theirs);
    giveToNobody(link);

    PrivateFolder.make(link.resolve("below"));
    assertThat(mine.resolve("below")).isDirectory();
  }

  /** As the system does: two full stops lead out of where a link has led to. */
  @Test
  void twoFullStopsLeadUpFromWhereALinkLeadsTo() throws IOException {
    Path open = Files.createDirectories(folder.resolve("open/deep"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), open);
    PrivateFolder.make(link.resolve("../mine/below"));
    assertThat(folder.resolve("open/mine/below")).isDirectory();

    // Who may change what is in a folder does not change what is above it.
    Files.setAttribute(open, "unix:mode", 00777);
    PrivateFolder.make(link.resolve("../beside/below"));
    assertThat(folder.resolve("open/beside/below")).isDirectory();

    Files.setAttribute(folder.resolve("open"), "unix:mode", 00777);
    assertThatThrownBy(() -> PrivateFolder.make(link.resolve("../other/below")))
        .hasMessageContaining("everybody may rename what is in " + folder.toRealPath())
        .hasMessageContaining("chmod +t");
    assertThat(folder.resolve("open/other")).doesNotExist();
  }

  @Test
  void aboveTheRootIsTheRoot() throws IOException {
    Path above = Path.of("/../..").resolve(folder.toString().substring(1));
    PrivateFolder.make(above.resolve("mine"));
    assertThat(folder.resolve("mine")).isDirectory();
  }

  /** Forty, as the system itself does. */
  @Test
  void goesThroughAsManyLinksAsTheSystem() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    for (int i = 1; i <= 41; i++) {
      target = Files.createSymbolicLink(folder.resolve("link" + i), target.getFileName());
    }
    PrivateFolder.make(folder.resolve("link40/mine"));
    assertThat(folder.resolve("target/mine")).isDirectory();
    assertThatThrownBy(() -> PrivateFolder.make(folder.resolve("link41/other")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void refusesLinksThatLeadInACircle() throws IOException {
    Files.createSymbolicLink(folder.resolve("one"), folder.resolve("two"));
    Files.createSymbolicLink(folder.resolve("two"), folder.resolve("one"));

    assertThatThrownBy(() -> PrivateFolder.make(folder.resolve("one/below")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void makesAFileForItsOwnerAloneAndOnce() throws IOException {
    Path file = folder.resolve("file");
    PrivateFile.create(file, "text");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(file).hasContent("text");
    assertThatThrownBy(() -> PrivateFile.create(file))
        .isInstanceOf(FileAlreadyExistsException.class);

    Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("absent"));
    assertThatThrownBy(() -> PrivateFile.create(dangling))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(folder.resolve("absent")).doesNotExist();
  }

  @Test
  void opensAFileOfItsOwnAndClosesItToOthers() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    mode(file, "rw-rw-rw-");
    PrivateFile.open(file, StandardOpenOption.WRITE).close();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(file).hasContent("text");
  }

  @Test
  void opensNoLinkNoFolderAndNothingWithASecondName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path second = Files.createLink(folder.resolve("second"), file);

    assertThatThrownBy(() -> PrivateFile.make(link)).hasMessageContaining("link");
    assertThatThrownBy(() -> PrivateFile.make(second)).hasMessageContaining("hard link");
    assertThatThrownBy(() -> PrivateFile.make(folder)).hasMessageContaining("no file");
    assertThatThrownBy(() -> PrivateFile.read(link, 10)).hasMessageContaining("link");
    assertThatThrownBy(() -> PrivateFile.replace(link, "x", PrivateFile.Durability.WHOLE))
        .hasMessageContaining("link");
    assertThatThrownBy(() -> PrivateFile.replace(folder, "x", PrivateFile.Durability.WHOLE))
        .isInstanceOf(IOException.class);
    assertThat(file).hasContent("precious");
  }

  @Test
  void opensNoFileOfSomebodyElse() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "theirs");
    giveToNobody(file);

    assertThatThrownBy(() -> PrivateFile.make(file)).hasMessageContaining("nobody");
    mode(file, "rw-r--r--");
    assertThat(PrivateFile.make(file, "nobody")).isFalse();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(file).hasContent("theirs");
  }

  /** Closing a file that another channel of this process has locked would end the lock. */
  @Test
  void keepsTheLocksThatThisProcessHasOnAFileWhichItClosesToOthers() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "text");
    mode(file, "rw-r--r--");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(canBeLockedByAnotherProcess(file)).isFalse();
      PrivateFile.make(file);
      assertThat(mode(file)).isEqualTo("rw-------");
      assertThat(canBeLockedByAnotherProcess(file)).isFalse();
      lock.release();
      assertThat(canBeLockedByAnotherProcess(file)).isTrue();
    }
  }

  private static boolean canBeLockedByAnotherProcess(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                Path.of(
                        PrivateFilesTest.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString(),
                LockTry.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said).isIn("locked", "refused");
    return said.equals("locked");
  }

  /** What is its owner's alone is as its owner wants it. */
  @Test
  void leavesAFileThatIsClosedToOthersAsItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    mode(file, "r--------");
    assertThat(PrivateFile.make(file)).isFalse();
    assertThat(mode(file)).isEqualTo("r--------");
  }

  /** A process that makes files for months has as many open as on its first day. */
  @Test
  void keepsNoFileOpenThatItOnlyMade() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "the system does not say which files are open");
    Path file = folder.toRealPath().resolve("file");
    assertThat(PrivateFile.make(file)).isTrue();
    List<Path> open = new ArrayList<>();
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path each : all.toList()) {
        try {
          open.add(Files.readSymbolicLink(each));
        } catch (NoSuchFileException e) {
          // Closed after the listing, as the listing's own.
        }
      }
    }
    assertThat(open).isNotEmpty().doesNotContain(file);
  }

  @Test
  void replacesAFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("file");
    for (PrivateFile.Durability durability : PrivateFile.Durability.values()) {
      PrivateFile.replace(file, durability.name(), durability);
      assertThat(file).hasContent(durability.name());
      assertThat(mode(file)).isEqualTo("rw-------");
    }
    Path notEmpty = Files.createDirectory(folder.resolve("deep"));
    Files.createDirectory(notEmpty.resolve("er"));
    assertThatThrownBy(() -> PrivateFile.replace(notEmpty, "x", PrivateFile.Durability.NONE))
        .isInstanceOf(IOException.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("file", "deep");
    }
  }

  @Test
  void readsUpToABound() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "12345");

    assertThat(PrivateFile.readText(file, 5)).isEqualTo("12345");
    assertThatThrownBy(() -> PrivateFile.read(file, 4)).hasMessageContaining("larger than 4");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(1L << 40); // Sparse: it takes no room.
    }
    assertThatThrownBy(() -> PrivateFile.read(file, 1 << 20)).hasMessageContaining("larger than");
    assertThatThrownBy(() -> PrivateFile.read(folder.resolve("absent"), 5))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> PrivateFile.read(Path.of("/dev/zero"), 5))
        .hasMessageContaining("no file");
    Files.write(file, new byte[] {(byte) 0xC3});
    assertThatThrownBy(() -> PrivateFile.readText(file, 5)).isInstanceOf(IOException.class);
  }

  @Test
  void isMadeOnceForThreadsThatComeTogether() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> make =
          () -> {
            PrivateFolder.make(folder.resolve("a/b/c"));
            return PrivateFile.make(folder.resolve("a/b/c/file"));
          };
      List<Boolean> made = new ArrayList<>();
      for (Future<Boolean> each : threads.invokeAll(List.of(make, make, make, make))) {
        made.add(each.get());
      }
      assertThat(made).containsOnlyOnce(true);
    } finally {
      threads.shutdownNow();
    }
  }
}
