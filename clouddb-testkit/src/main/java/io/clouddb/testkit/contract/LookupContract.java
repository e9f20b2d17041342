/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lookup: what is there is found and listed, and what is not is not found. */
abstract class LookupContract extends InstanceCases {
  LookupContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void findsListsAndGetsWhatIsThere() {
    Instance first = create(spec(newName()).build());
    Instance second = create(spec(newName()).build());
    assertThat(cloud().instances().get(first.id()).id()).isEqualTo(first.id());
    assertThat(cloud().instances().find(second.name())).map(Instance::id).contains(second.id());
    assertThat(cloud().instances().list().stream().map(Instance::id))
        .contains(first.id(), second.id());
    assertThat(ResourceId.parse(first.id().toString())).isEqualTo(first.id());
    assertThat(first.id().nativeId()).isPresent();
  }

  @Test
  void aListGoesOnFromAPageToken() {
    create(spec(newName()).build());
    create(spec(newName()).build());
    List<ResourceId> all = cloud().instances().list().stream().map(Instance::id).toList();
    List<ResourceId> paged = new ArrayList<>();
    String token = null;
    int pages = 0;
    do {
      pages++;
      Page<Instance> page = cloud().instances().list(token).pages().iterator().next();
      page.items().forEach(instance -> paged.add(instance.id()));
      token = page.nextToken();
    } while (token != null);
    assertThat(paged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
    kit().sawPagesOfTwo(pages);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String name = newName();
    assertThat(cloud().instances().find(name)).isEmpty();
    assertThatThrownBy(() -> cloud().instances().get(name))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(name);
    ResourceId id = idOf(name);
    assertThatThrownBy(() -> cloud().instances().delete(id).await(kit().limit()))
        .isInstanceOf(NotFoundException.class);
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    assertThatThrownBy(() -> cloud().instances().modify(id, change).await(kit().limit()))
        .isInstanceOf(NotFoundException.class);
  }
}
