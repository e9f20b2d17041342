/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Page;
import io.clouddb.Support;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on a cloud without replicas: their pieces are left out, their refusal is not, and it
 * is written down.
 */
class RefusedReplicasTest extends NoReplicaContract {
  @TempDir private static Path folder;

  RefusedReplicasTest() {
    super(new Kit());
  }

  private static final class Kit extends CloudContract {
    @Override
    protected CloudConfig.Builder config() {
      return CloudConfig.builder("without", "here").providerObject(new WithoutReplicas());
    }

    @Override
    protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected String otherRegion() {
      return "there";
    }

    @Override
    FeatureRecord record(String part) throws IOException {
      return new FeatureRecord(folder.resolve(part));
    }
  }

  /** A provider with instances, of which there are none, and nothing else. */
  private static final class WithoutReplicas
      implements CloudDbProvider, CloudDriver, InstanceDriver {
    @Override
    public String id() {
      return "without";
    }

    @Override
    public Set<String> properties() {
      return Set.of();
    }

    @Override
    public Set<Class<?>> acceptedObjects() {
      return Set.of();
    }

    @Override
    public CloudDriver open(DriverContext context) {
      return this;
    }

    @Override
    public String account() {
      return "one";
    }

    @Override
    public InstanceDriver instances() {
      return this;
    }

    @Override
    public Support supports(Feature feature, FeatureContext context) {
      return Support.no("There is nothing but instances");
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
      return Optional.empty();
    }

    @Override
    public Plan plan(InstanceSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Plan plan(InstanceChange change) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instance> find(String name) {
      return Optional.empty();
    }

    @Override
    public Page<Instance> list(@Nullable String pageToken) {
      return new Page<>(List.of(), null);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @Test
  void eachRefusalIsWrittenDown() throws IOException {
    whatACloudHasNotItRefusesByName();
    whatACloudHasNotItPromotesInNoForm();
    List<String> lines = new ArrayList<>();
    for (String part : List.of("replicas", "promotions")) {
      lines.addAll(Files.readAllLines(folder.resolve(part)));
    }
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"no\"", "There is nothing but instances", "by a migration"))
        .extracting(line -> line.replaceFirst("^\\{\"id\":\"([^\"]+)\".*", "$1"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of(ReplicaField.values()).map(field -> Feature.of(field).id()),
                    Stream.of("create", "get", "list", "lag", "delete").map("replica."::concat))
                .toList());
  }

  @Test
  void thePiecesOfReplicasAreLeftOut() {
    assertThat(hasReplicas()).isFalse();
  }
}
