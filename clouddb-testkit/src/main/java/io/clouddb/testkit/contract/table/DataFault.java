/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.testkit.simulator.engine.Faults;
import java.util.EnumSet;

/** What goes wrong with a request about data, and what has become of the request then. */
enum DataFault {
  THROTTLED(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.throttled();
    }
  },
  BROKEN_DOWN(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.unavailable();
    }
  },
  RESET_BEFORE(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.connectionResetBefore();
    }
  },
  RESET_AFTER(Effect.WHOLE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.connectionResetAfter();
    }
  },
  CUT(Effect.WHOLE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.answerCut();
    }
  },
  GARBLED(Effect.WHOLE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.answerGarbled();
    }
  },
  /** Something on the way answers in the service's place, and in its form. */
  EMPTY(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.intercepted(200, "application/json", "{}");
    }
  },
  PAGE(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.intercepted(200, "text/html", "<html>Log in</html>");
    }
  },
  BAD_GATEWAY(Effect.NONE) {
    @Override
    void finish(Faults.RuleBuilder rule) {
      rule.intercepted(502, "text/html", "<html>Bad gateway</html>");
    }
  };

  /** What a request that met a fault has done all the same. */
  enum Effect {
    NONE,
    WHOLE
  }

  private final Effect effect;

  DataFault(Effect effect) {
    this.effect = effect;
  }

  /** Says what happens to the requests of a rule. */
  abstract void finish(Faults.RuleBuilder rule);

  boolean tookEffect() {
    return effect == Effect.WHOLE;
  }

  /** Whether what arrives is no answer of the service. */
  boolean isForged() {
    return EnumSet.of(CUT, GARBLED, EMPTY, PAGE, BAD_GATEWAY).contains(this);
  }

  /** Whether the caller is told that the request had no effect: it can be sent again. */
  boolean isRefusal() {
    return this == THROTTLED;
  }
}
