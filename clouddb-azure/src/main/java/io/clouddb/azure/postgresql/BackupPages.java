/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.Page;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists of backups. Azure lists those of one server: those of a group are read server by server. A
 * page token has three lines: where the list of servers goes on, which of the last page's servers
 * are still to be asked, and where the list of the first one of these goes on.
 */
final class BackupPages {
  private final ArmScope scope;
  private final ServerCalls servers;
  private final BackupCalls backups;
  private final HiddenServers hidden;

  /**
   * Where a list goes on.
   *
   * @param more path and query of the next page of servers; empty when there is none
   * @param names servers that are still to be asked
   * @param next path and query of the next page of the first one's backups; empty for the first
   */
  private record Position(String more, List<String> names, String next) {
    static Position read(String token) {
      String[] lines = token.split("\n", -1);
      if (lines.length != 3) {
        throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The page token is none of this list")
            .toException();
      }
      return new Position(
          lines[0], lines[1].isEmpty() ? List.of() : List.of(lines[1].split(" ", -1)), lines[2]);
    }

    @Nullable String token() {
      return more.isEmpty() && names.isEmpty()
          ? null
          : more + "\n" + String.join(" ", names) + "\n" + next;
    }

    private Position after(@Nullable String backupsGoOn) {
      return backupsGoOn == null
          ? new Position(more, names.subList(1, names.size()), "")
          : new Position(more, names, backupsGoOn);
    }
  }

  BackupPages(ArmScope scope, ServerCalls servers, BackupCalls backups) {
    this.scope = scope;
    this.servers = servers;
    this.backups = backups;
    this.hidden = new HiddenServers(scope, servers);
  }

  Page<Backup> page(BackupQuery query, @Nullable String token) {
    Position position =
        token != null
            ? Position.read(token)
            : query
                .instance()
                .map(instance -> new Position("", List.of(instance.name()), ""))
                .orElseGet(() -> serversFrom(null));
    if (position.names().isEmpty()) {
      if (position.more().isEmpty()) {
        return new Page<>(List.of(), null);
      }
      position = serversFrom(position.more());
      return new Page<>(List.of(), position.token());
    }
    String name = position.names().get(0);
    Optional<ListPage<ListedBackup>> page =
        listed(name, position.next().isEmpty() ? null : position.next());
    if (page.isEmpty()) {
      // Who went by the rest would take the backups of a hidden one for gone.
      hidden.requireGone(name);
      return new Page<>(List.of(), position.after(null).token());
    }
    List<Backup> all = new ArrayList<>();
    if (!page.get().entries().isEmpty()) {
      ServerInner server = servers.find(name).orElseThrow(() -> hidden.hidden(name));
      if (scope.isHere(server.location())) {
        all.addAll(asked(query, page.get(), server));
      }
    }
    return new Page<>(List.copyOf(all), position.after(page.get().next()).token());
  }

  private List<Backup> asked(BackupQuery query, ListPage<ListedBackup> page, ServerInner server) {
    return page.entries().stream()
        .map(listed -> BackupView.backup(scope, listed, server))
        .filter(query::matches)
        .toList();
  }

  private Optional<ListPage<ListedBackup>> listed(String server, @Nullable String next) {
    try {
      return Optional.of(backups.page(server, next));
    } catch (NotFoundException e) {
      if (ServerStep.isNotShown(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Position serversFrom(@Nullable String from) {
    ListPage<ServerInner> page = servers.page(from);
    return new Position(
        Objects.requireNonNullElse(page.next(), ""),
        page.entries().stream()
            .filter(server -> scope.isHere(server.location()))
            .map(ServerInner::name)
            .toList(),
        "");
  }
}
