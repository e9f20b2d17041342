/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.Optional;

/** A kind of operation that {@link InterruptionCases} interrupts, at the request that it is for. */
interface Interrupted {
  /** A name for tests, which no other kind has. */
  String name();

  /** The operation's kind, as tokens and logs have it. */
  String id();

  /** What the operation gives. */
  Class<?> result();

  /** What the request does. */
  Verb verb();

  /** With what kind of resource. */
  String resourceKind();

  /** The name of that, where the service has requests name it; empty for whatever its name. */
  Optional<String> resource();

  /** Begins a fault of that request. */
  default Faults.RuleBuilder in(Faults faults) {
    Faults.RuleBuilder rule = faults.on(verb(), resourceKind());
    return resource().map(rule::named).orElse(rule);
  }

  /** Whether a call is that request. */
  default boolean is(Call call) {
    return call.verb() == verb()
        && call.kind().equals(resourceKind())
        && resource().filter(name -> !name.equals(call.resource())).isEmpty();
  }
}
