/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

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
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The contract of a cloud that has instances, of which there are none, and nothing else. */
final class InstancesOnly extends CloudContract {
  /** Why it has nothing else. */
  static final String WHY = "There is nothing but instances";

  private final Supplier<Path> folder;

  /**
   * Made by the tests of what is refused.
   *
   * @param folder where what is seen is written down, by the names of the parts
   */
  InstancesOnly(Supplier<Path> folder) {
    this.folder = folder;
  }

  @Override
  protected CloudConfig.Builder config() {
    return CloudConfig.builder("without", "here").providerObject(new Provider());
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
    return new FeatureRecord(folder.get().resolve(part));
  }

  private static final class Provider implements CloudDbProvider, CloudDriver, InstanceDriver {
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
      return Support.no(WHY);
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
      Plan.Builder plan = Plan.builder(id(), change);
      change.values().forEach((field, value) -> plan.honour(field, field.id(), value));
      return plan.build();
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
}
