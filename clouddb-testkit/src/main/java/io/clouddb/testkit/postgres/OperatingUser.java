/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who runs the server. PostgreSQL refuses to run as root, which is who one is in most containers:
 * then it runs in a user namespace, where root is nobody and still owns its files; or, where
 * namespaces are forbidden, as an unprivileged user, to whom the data is given.
 */
final class OperatingUser {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** To try a way takes a process, and nothing else comes of it later. */
  private static final Map<Platform, OperatingUser> FOUND = new ConcurrentHashMap<>();

  /** The ways, best first. */
  enum Way {
    /** As the user of this JVM. */
    SELF,
    /** In a user namespace. */
    NAMESPACE,
    /** As another user, by util-linux' setpriv, which replaces itself with the server. */
    SETPRIV,
    /** As another user, by util-linux' runuser. */
    RUNUSER,
    /** As another user, by su, which BusyBox has too. */
    SU
  }

  private final Way way;
  private final List<String> prefix;
  private final @Nullable String name;

  private OperatingUser(Way way, List<String> prefix, @Nullable String name) {
    this.way = way;
    this.prefix = prefix;
    this.name = name;
  }

  /** The best way that works on this machine. */
  static OperatingUser find(Platform platform) {
    return FOUND.computeIfAbsent(platform, OperatingUser::best);
  }

  private static OperatingUser best(Platform platform) {
    if (platform.windows() || !isRoot()) {
      return new OperatingUser(Way.SELF, List.of(), null);
    }
    return Stream.of(Way.NAMESPACE, Way.SETPRIV, Way.RUNUSER, Way.SU)
        .map(OperatingUser::tryWay)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.PERMISSION,
                        "PostgreSQL refuses to run as root, and here root can neither make a user"
                            + " namespace (unshare -U) nor become another user (setpriv, runuser,"
                            + " su to postgres or nobody)")
                    .nextStep(
                        "Run as a user who is not root, or install util-linux, or give the"
                            + " container CAP_SETUID and CAP_SETGID.")
                    .toException());
  }

  /** One way, when it works on this machine. Root's ways work for root only. */
  static Optional<OperatingUser> tryWay(Way way) {
    if (way == Way.SELF) {
      return isRoot() ? Optional.empty() : Optional.of(new OperatingUser(way, List.of(), null));
    }
    if (way == Way.NAMESPACE) {
      return Optional.of(new OperatingUser(way, List.of("unshare", "-U"), null))
          .filter(OperatingUser::escapesRoot);
    }
    return Stream.of("postgres", "nobody")
        .map(name -> asUser(way, name))
        .flatMap(Optional::stream)
        .filter(OperatingUser::escapesRoot)
        .findFirst();
  }

  private static Optional<OperatingUser> asUser(Way way, String name) {
    if (way == Way.RUNUSER) {
      return Optional.of(new OperatingUser(way, List.of("runuser", "-u", name, "--"), name));
    }
    if (way == Way.SU) {
      return Optional.of(
          new OperatingUser(
              way, List.of("su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", name), name));
    }
    try {
      Command.Result user = Command.run(List.of("id", "-u", name), LIMIT);
      Command.Result group = Command.run(List.of("id", "-g", name), LIMIT);
      if (!user.succeeded() || !group.succeeded()) {
        return Optional.empty();
      }
      List<String> prefix =
          List.of(
              "setpriv", "--reuid=" + user.output(), "--regid=" + group.output(), "--clear-groups");
      return Optional.of(new OperatingUser(way, prefix, name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean escapesRoot() {
    return Command.succeeds(command(List.of("sh", "-c", "test \"$(id -u)\" -ne 0")));
  }

  private static boolean isRoot() {
    try {
      Path self = Path.of("/proc/self");
      if (Files.exists(self)) {
        return Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"));
      }
      Path probe = Files.createTempFile("clouddb", ".probe");
      try {
        return Integer.valueOf(0).equals(Files.getAttribute(probe, "unix:uid"));
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find out who runs this JVM", e);
    }
  }

  /** Tells whose files are whose: what one user has made is of no use to another. */
  String owner() {
    return name == null ? "self" : name;
  }

  /** To whom the files of the server are given; null when they stay this user's. */
  @Nullable String recipient() {
    return name;
  }

  /** Whether this JVM is root's, which is when any way but the plain one is taken. */
  boolean runsForRoot() {
    return way != Way.SELF;
  }

  /** Whether the files of the server must be given to another user. */
  boolean isAnotherUser() {
    return name != null;
  }

  /** The command line that runs a program as this user. */
  List<String> command(List<String> program) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(program);
    return command;
  }

  /** Tells whether this user can enter a directory. */
  boolean canEnter(Path directory) {
    return name == null || Command.succeeds(command(List.of("test", "-x", directory.toString())));
  }

  /** Gives a file, or a directory with all in it, to this user. */
  void own(Path path) throws IOException {
    if (name == null) {
      return;
    }
    UserPrincipal owner =
        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : (Iterable<Path>) tree::iterator) {
        if (hasOtherName(each)) {
          continue;
        }
        // Not what a link of that user leads to: it would be given a file of root's.
        Files.getFileAttributeView(each, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setOwner(owner);
      }
    }
  }

  /** A hard link is what is elsewhere, too. The server's own files have one name each. */
  private static boolean hasOtherName(Path path) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(path, "unix:isRegularFile,nlink", LinkOption.NOFOLLOW_LINKS);
    return Boolean.TRUE.equals(found.get("isRegularFile"))
        && !Integer.valueOf(1).equals(found.get("nlink"));
  }

  @Override
  public String toString() {
    return name == null ? way.toString() : way + " " + name;
  }
}
