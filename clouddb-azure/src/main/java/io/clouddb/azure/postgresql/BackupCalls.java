/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpMethod;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.NotFoundException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests about backups of servers. The SDK's last stable release lists them only.
 *
 * @see <a
 *     href="https://learn.microsoft.com/rest/api/postgresql/backups-automatic-and-on-demand">Backups
 *     Automatic And On Demand</a>
 */
final class BackupCalls {
  private final ServerDocuments documents;

  BackupCalls(ServerDocuments documents) {
    this.documents = documents;
  }

  /**
   * The same of a server's resource group.
   *
   * @throws io.clouddb.error.CloudDbException when it is in another subscription
   */
  BackupCalls at(ServerArmId server) {
    return new BackupCalls(documents.at(server));
  }

  private static String path(String backup) {
    return "/backups/" + ArmScope.encoded(backup);
  }

  /**
   * A page of a server's backups, by hand and automated ones.
   *
   * @param next path and query of the page; null for the first one
   * @throws NotFoundException when there is no such server
   */
  ListPage<ListedBackup> page(String server, @Nullable String next) {
    String operation = "BackupsAutomaticAndOnDemand.ListByServer";
    return ListedBackup.page(
        next == null
            ? documents.get(operation, server, "/backups")
            : documents.page(operation, server + "/backups", next));
  }

  /**
   * All of a server's backups.
   *
   * @throws NotFoundException when there is no such server
   */
  List<ListedBackup> all(String server) {
    return ListPage.all(next -> page(server, next));
  }

  /** A backup; empty when Azure shows no such one, or no such server. */
  Optional<ListedBackup> find(String server, String name) {
    try {
      return Optional.of(
          ListedBackup.of(documents.get("BackupsAutomaticAndOnDemand.Get", server, path(name))));
    } catch (NotFoundException e) {
      if (ServerStep.isNotShown(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Of two of the same name Azure ends the second one as failed. */
  Accepted take(String server, String name) {
    return documents.sendOnce(
        "BackupsAutomaticAndOnDemand.Create", HttpMethod.PUT, server, path(name));
  }

  Accepted delete(String server, String name) {
    return documents.send(
        "BackupsAutomaticAndOnDemand.Delete", HttpMethod.DELETE, server, path(name), null);
  }
}
