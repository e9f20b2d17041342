/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody else reads what a migration writes, and nobody else's link says where it goes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no owners and modes as POSIX has them")
class PrivateFilesOfAMigrationTest {
  @TempDir Path folder;

  /** What writes files. */
  enum Kind {
    JOURNAL("shop.journal") {
      @Override
      void write(Path into) {
        try (var journal = StateStore.directory(into).open("shop")) {
          journal.append("kind", Map.of());
        }
      }
    },
    ROUTE("route.json") {
      @Override
      void write(Path into) {
        try (RouteStore store = RouteStore.file(into.resolve("route.json"))) {
          store.beat(new RouteMember("m", "member", 1, 0, 0, Duration.ofSeconds(1)));
          Route route = store.read();
          store.compareAndSet(
              route,
              new Route(
                  route.id(),
                  1,
                  Route.State.OPEN,
                  Route.Side.SOURCE,
                  Instant.EPOCH,
                  Duration.ZERO,
                  Duration.ZERO,
                  Duration.ZERO));
          assertThat(store.read().epoch()).isEqualTo(1);
          assertThat(store.members()).hasSize(1);
        }
      }
    },
    REPORT("report.html") {
      @Override
      void write(Path into) throws IOException {
        MigrationReport report =
            MigrationReport.builder("shop", MigrationReport.Status.COMPLETED).build();
        HtmlReport.write(report, into.resolve("report.html"));
      }
    };

    final String file;

    Kind(String file) {
      this.file = file;
    }

    abstract void write(Path into) throws IOException;
  }

  private static Map<String, String> modes(Path root) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      for (Path path : (Iterable<Path>) found::iterator) {
        modes.put(
            root.relativize(path).toString(),
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)));
      }
    }
    return modes;
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheOwnerReadsThem(Kind kind) throws IOException {
    Path deep = folder.resolve("one/two");
    kind.write(deep);

    Map<String, String> modes = modes(folder.resolve("one"));
    assertThat(modes).containsKey("two/" + kind.file);
    modes.forEach(
        (name, mode) ->
            assertThat(mode)
                .as(name)
                .isEqualTo(
                    Files.isDirectory(folder.resolve("one").resolve(name))
                        ? "rwx------"
                        : "rw-------"));
  }

  @ParameterizedTest
  @EnumSource
  void aLinkInPlaceOfTheFileIsNotFollowed(Kind kind) throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "precious\n");
    Path into = Files.createDirectory(folder.resolve("into"));
    Files.createSymbolicLink(into.resolve(kind.file), victim);

    assertThatThrownBy(() -> kind.write(into)).hasMessageContaining("link");
    assertThat(victim).hasContent("precious\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"JOURNAL", "ROUTE"})
  void aLinkInPlaceOfTheLockIsNotFollowed(Kind kind) throws IOException {
    Path absent = folder.resolve("absent");
    Path into = Files.createDirectory(folder.resolve("into"));
    String lock = kind == Kind.JOURNAL ? "shop.lock" : "route.json.lock";
    Files.createSymbolicLink(into.resolve(lock), absent);

    assertThatThrownBy(() -> kind.write(into))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("link");
    assertThat(absent).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(names = {"JOURNAL", "ROUTE"})
  void aFolderThatIsALinkIsRefused(Kind kind) throws IOException {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);

    assertThatThrownBy(() -> kind.write(link))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("link");
    assertThat(theirs).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(names = {"JOURNAL", "ROUTE"})
  void aFolderThatOthersMayWriteToIsRefused(Kind kind) throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxr-x"));

    assertThatThrownBy(() -> kind.write(shared))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("rwxrwxr-x")
        .hasMessageContaining("chmod");
    assertThat(shared).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(names = {"JOURNAL", "ROUTE"})
  void aFolderOfSomebodyElseIsRefused(Kind kind) throws IOException {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(theirs, "unix:uid")),
        "only root can give a folder to somebody else");
    Files.setOwner(
        theirs,
        theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    assertThatThrownBy(() -> kind.write(theirs))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("nobody");
    assertThat(theirs).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource
  void aFolderThatOthersMayReadIsLeftAsItIs(Kind kind) throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

    kind.write(open);

    assertThat(modes(open)).containsEntry("", "rwxr-xr-x").containsEntry(kind.file, "rw-------");
  }

  @Test
  void aFileThatOthersCouldReadIsClosedToThem() throws IOException {
    Kind.JOURNAL.write(folder);
    Path journal = folder.resolve("shop.journal");
    Files.setPosixFilePermissions(journal, PosixFilePermissions.fromString("rw-r--r--"));

    Kind.JOURNAL.write(folder);

    assertThat(modes(folder)).containsEntry("shop.journal", "rw-------");
  }
}
