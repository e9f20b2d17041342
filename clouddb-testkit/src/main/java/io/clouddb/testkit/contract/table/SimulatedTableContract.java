/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.CloudConfig;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * All that every provider of tables has to do: {@link TableContract}, and what only a simulator can
 * have happen, such as lost answers.
 */
public abstract class SimulatedTableContract extends TableContract {
  /** Made by JUnit. */
  protected SimulatedTableContract() {}

  /**
   * The cloud that {@link #config()} opens. Nothing else uses it.
   *
   * @return a simulator that is running
   */
  protected abstract SimulatedCloud simulator();

  /**
   * How to open the same cloud with less patience: a request about data on which nothing comes back
   * is given up.
   *
   * @param limit after how long
   * @return a new builder
   */
  protected abstract CloudConfig.Builder impatient(Duration limit);

  /**
   * Whether a transaction whose answer was lost can be sent again, since the service knows it by a
   * token and does it once.
   *
   * @return true, unless a subclass says otherwise: then its outcome is unknown
   */
  protected boolean transactionsAreKnown() {
    return true;
  }

  /**
   * Called before the simulator forgets the requests that it has kept, and before answers arrive
   * that no service gives, which are forgotten after them. Whoever holds requests against a
   * definition does so here, too.
   */
  protected void beforeForgetting() {}

  /** Forgets the requests, which somebody has looked at. */
  final void forget() {
    beforeForgetting();
    simulator().clearRequests();
  }

  @Nested
  class DataFaults extends TableFaultContract {
    DataFaults() {
      super(SimulatedTableContract.this);
    }
  }

  @Nested
  class BatchFaults extends BatchFaultContract {
    BatchFaults() {
      super(SimulatedTableContract.this);
    }
  }
}
