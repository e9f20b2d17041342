/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Azure's own id of a backup: its name is one of its server only.
 *
 * @param server whose it is
 * @param name its name
 */
record BackupArmId(ServerArmId server, String name) {
  private static final Pattern FORM =
      Pattern.compile("(.+)/backups/([^/]+)", Pattern.CASE_INSENSITIVE);

  /** Reads an id; empty when it is none of a backup. */
  static Optional<BackupArmId> of(@Nullable String text) {
    Matcher matcher = FORM.matcher(text == null ? "" : text);
    return matcher.matches()
        ? ServerArmId.of(matcher.group(1)).map(server -> new BackupArmId(server, matcher.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return server + "/backups/" + name;
  }
}
