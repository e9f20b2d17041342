/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A small application, which closes its cloud while an operation goes on. */
final class OpenUseClose implements Consumer<Map<String, String>> {
  static final String PROVIDER = "-provider";
  static final String LOCATION = "-location";
  static final String ENDPOINT = "-endpoint";
  static final String SECRET = "-secret";
  static final String TOKEN = "-token";

  /**
   * There if the cloud has tables. It is not asked for that here: what it answers by compares
   * records, and the JDK before 19 keeps the class of the last one compared, with its loader
   * (JDK-8078641).
   */
  static final String TABLES = "-tables";

  /** Made by reflection. */
  OpenUseClose() {}

  @Override
  public void accept(Map<String, String> how) {
    Map<String, String> properties = new TreeMap<>(how);
    CloudConfig.Builder config =
        CloudConfig.builder(
                String.valueOf(properties.remove(PROVIDER)),
                String.valueOf(properties.remove(LOCATION)))
            .endpoint(URI.create(String.valueOf(properties.remove(ENDPOINT))))
            .endpointSecret(SecretRef.literal(String.valueOf(properties.remove(SECRET))));
    String token = String.valueOf(properties.remove(TOKEN));
    boolean tables = properties.remove(TABLES) != null;
    properties.forEach(config::property);
    Operation<Instance> operation;
    try (CloudDb cloud = CloudDb.open(config.build())) {
      if (cloud.instances().find("closing-none").isPresent()) {
        throw new IllegalStateException("There is an instance that nobody made");
      }
      // What reads lists may run on threads of its own.
      if (cloud.instances().list().stream()
          .anyMatch(instance -> instance.id().name().equals("closing-none"))) {
        throw new IllegalStateException("There is an instance that nobody made");
      }
      if (tables) {
        ClosedTables.use(cloud);
      }
      operation = cloud.operations().resume(token, Instance.class);
    }
    if (operation.status() == Operation.Status.RUNNING) {
      throw new IllegalStateException("Whoever waits would wait for ever");
    }
  }
}
