/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a list has that cannot be read is not left out. */
class ListDocumentTest {
  private static final String SERVER =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/orders";

  private static Map<String, Object> backup(String id, String completed) {
    return Map.of("id", id, "properties", Map.of("completedTime", completed));
  }

  @Test
  void aBackupIsRead() {
    ListPage<ListedBackup> page =
        ListedBackup.page(
            Map.of(
                "value",
                List.of(backup(SERVER + "/backups/nightly", "2026-01-03T12:00:00.1234567+00:00"))));
    assertThat(page.entries())
        .singleElement()
        .satisfies(backup -> assertThat(backup.completed()).isNotNull());
    assertThat(page.next()).isNull();
  }

  @Test
  void aListIsReadToItsEnd() {
    ListPage<Integer> first = new ListPage<>(List.of(), "two");
    ListPage<Integer> second = new ListPage<>(List.of(1, 2), null);
    assertThat(ListPage.all(next -> next == null ? first : second)).containsExactly(1, 2);
  }

  @Test
  void aPageThatComesTwiceIsAnError() {
    assertThatThrownBy(() -> ListPage.all(next -> new ListPage<>(List.of(), "again")))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("same page of a list twice");
  }

  @Test
  void whatCannotBeReadIsAnError() {
    assertThatThrownBy(() -> ListedBackup.page(Map.of()))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("A list of backups came without any");
    assertThatThrownBy(() -> ListedBackup.page(Map.of("value", List.of("nightly"))))
        .hasMessageContaining("A list of backups has nightly");
    assertThatThrownBy(() -> ListedBackup.page(Map.of("value", List.of(backup("nightly", "")))))
        .hasMessageContaining("the id 'nightly'");
    assertThatThrownBy(() -> ListedBackup.of(backup(SERVER + "/backups/nightly", "yesterday")))
        .hasMessageContaining("'yesterday'");
    assertThatThrownBy(() -> ListedReplica.all(Map.of("value", List.of(Map.of("id", "replica")))))
        .hasMessageContaining("the id 'replica'");
    assertThatThrownBy(
            () -> ListDocument.server(Map.of("id", "orders", "properties", "none", "tags", 1)))
        .hasMessageContaining("A list of servers has 'orders'")
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> VirtualEndpoint.all(Map.of()))
        .hasMessageContaining("A list of virtual endpoints came without any");
  }
}
