/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the methods ask for, in neutral words, where their paths do not tell. */
final class SqlAdminAims {
  private static final String POLICY = "activationPolicy";
  private static final Set<String> SWITCH = Set.of(POLICY, "settingsVersion");

  private SqlAdminAims() {}

  private static Optional<ObjectNode> body(GoogleCall call) {
    try {
      return Optional.of(GoogleJson.read(call.request()));
    } catch (GoogleRefusal e) {
      // The method itself refuses it.
      return Optional.empty();
    }
  }

  static Call byBody(GoogleCall call) {
    return named(call, body(call).map(body -> body.path("name").asText()).orElse(""));
  }

  /** What a clone makes. */
  static Call clone(GoogleCall call) {
    return named(
        call,
        body(call)
            .map(body -> body.path("cloneContext").path("destinationInstanceName").asText())
            .orElse(""));
  }

  static Call byQuery(GoogleCall call) {
    return named(call, call.request().query("name").orElse(""));
  }

  private static Call named(GoogleCall call, String resource) {
    Call known = call.call();
    return Call.of(known.operation(), known.verb(), known.kind(), resource);
  }

  /** Stopping and starting are changes of a setting. */
  static Call patch(GoogleCall call) {
    Call known = call.call();
    Verb verb =
        body(call)
            .map(body -> body.path("settings"))
            .filter(settings -> settings.has(POLICY))
            .filter(
                settings -> {
                  Set<String> names = new TreeSet<>();
                  settings.fieldNames().forEachRemaining(names::add);
                  return SWITCH.containsAll(names);
                })
            .map(
                settings -> settings.path(POLICY).asText().equals("NEVER") ? Verb.STOP : Verb.START)
            .orElse(known.verb());
    return Call.of(known.operation(), verb, known.kind(), known.resource());
  }
}
