/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesListResponse;
import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.instance.Instances;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The replicas of an instance, wherever they are. Asked for by a list of the project, which <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances/list">answers</a>
 * also when a region cannot be reached, and leaves out what is there: a list that may lack replicas
 * is none.
 */
final class ReplicaList {
  private static final String REPLICAS = "instanceType:" + Replication.REPLICA;

  private final SqlAdminCalls calls;
  private final String project;

  ReplicaList(SqlAdminCalls calls, String project) {
    this.calls = calls;
    this.project = project;
  }

  /**
   * The replicas of an instance.
   *
   * @throws io.clouddb.error.UnavailableException when a region cannot be reached: there may be
   *     more of them
   */
  List<ResourceId> of(String source) {
    return all(REPLICAS, page -> WholeList.require(page, project, region -> true)).stream()
        .filter(found -> Replication.source(found).filter(source::equals).isPresent())
        .map(found -> id(found.getName(), found.getRegion()))
        .sorted(Comparator.comparing(ResourceId::name))
        .toList();
  }

  /**
   * Where an instance is; asked for without a look at it, whose region may be gone. Empty also when
   * nobody can tell.
   */
  Optional<ResourceId> locate(String name) {
    return all("name:" + name, page -> {}).stream()
        .filter(found -> name.equals(found.getName()))
        .map(found -> id(name, found.getRegion()))
        .findFirst();
  }

  ResourceId id(String name, String region) {
    return ResourceId.of("gcp", project, region, Instances.KIND, name);
  }

  private List<DatabaseInstance> all(String filter, Consumer<InstancesListResponse> check) {
    Listing<DatabaseInstance> listing =
        new Listing<>(
            token -> {
              InstancesListResponse page = calls.list(filter, token);
              check.accept(page);
              String next = page.getNextPageToken();
              return new Page<>(
                  page.getItems() == null ? List.of() : page.getItems(),
                  next == null || next.isEmpty() ? null : next);
            },
            null);
    return listing.stream().toList();
  }
}
