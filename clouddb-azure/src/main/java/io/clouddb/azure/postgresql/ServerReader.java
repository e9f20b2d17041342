/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ConfigurationInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.mapping.Asked;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a server what a spec asks for and nothing else: parameters, firewall rules and databases
 * are each a request of their own.
 */
final class ServerReader {
  private final ServerCalls calls;

  ServerReader(ServerCalls calls) {
    this.calls = calls;
  }

  ServerAsItIs read(ServerInner server, InstanceSpec spec) {
    Asked asked = ServerFields.asked(spec);
    // Of one that does not run, Azure is not asked what is inside: it would have to be there.
    boolean runs = ServerView.state(ServerView.nativeState(server)) == InstanceState.AVAILABLE;
    return new ServerAsItIs(
        server,
        calls.disk(server.name()),
        runs ? parameters(server, asked) : Map.of(),
        rules(server, asked),
        runs ? database(server, spec) : null);
  }

  private Map<String, String> parameters(ServerInner server, Asked asked) {
    Map<String, String> all = new TreeMap<>();
    for (String name : ParameterFields.names(asked)) {
      calls
          .configuration(server.name(), name)
          .map(ConfigurationInner::value)
          .ifPresent(value -> all.put(name, value));
    }
    return all;
  }

  /** A private server has none, and Azure may refuse to be asked for them. */
  private @Nullable Set<AddressRange> rules(ServerInner server, Asked asked) {
    boolean isPrivate =
        server.network() != null && server.network().delegatedSubnetResourceId() != null;
    return asked.has(InstanceField.PUBLIC_ACCESS) && !isPrivate ? calls.rules(server.name()) : null;
  }

  private @Nullable Boolean database(ServerInner server, InstanceSpec spec) {
    return spec.database().map(name -> calls.hasDatabase(server.name(), name)).orElse(null);
  }
}
