/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.spi.WireLog;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * All that every provider has to do: {@link CloudContract}, and what only a simulator can have
 * happen, such as lost answers, the death of a region, and a time that stands still.
 */
public abstract class SimulatedCloudContract extends CloudContract {
  /** Made by JUnit. */
  protected SimulatedCloudContract() {}

  /**
   * The cloud that {@link #config()} opens. Nothing else uses it, it has no instances between two
   * tests, a page of its lists has one, and a backup takes it some time.
   *
   * @return a simulator that is running
   */
  protected abstract SimulatedCloud simulator();

  /**
   * Whether the cloud shows a backup by hand before it is whole. Where it does not, nobody can be
   * refused to restore one.
   *
   * @return true, unless a subclass says otherwise
   */
  protected boolean showsBackupsInTheMaking() {
    return true;
  }

  /**
   * Whether the cloud takes a backup window that overlaps the one of maintenance.
   *
   * @return false, unless a subclass says otherwise
   */
  protected boolean windowsMayOverlap() {
    return false;
  }

  /**
   * Has {@link #simulator()} offer a version of PostgreSQL no more, of which there are backups.
   *
   * @param version the version, as specs have it
   * @return offers it again; empty, unless a subclass says otherwise, where a service restores
   *     whatever version a backup has
   */
  protected Optional<Runnable> withdrawing(String version) {
    return Optional.empty();
  }

  /**
   * The server behind an instance of {@link #simulator()}.
   *
   * @param id the instance
   * @return what is running there
   */
  protected abstract EmbeddedPostgres server(ResourceId id);

  /**
   * How to open another simulator of the cloud, whose time stands still so that whatever is begun
   * there goes on: with clients of the provider's own, over an {@code http} endpoint.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder standingStill();

  /**
   * A program that uses the cloud with secrets in all places where there are some: {@link
   * WireLogContract#create} and, for the provider's own kinds of credentials, {@link
   * WireLogContract#ask}. It is run in a process of its own.
   *
   * @return a class with a {@code main}
   */
  protected abstract Class<?> programWithSecrets();

  /**
   * What is known to write secrets when its log is on.
   *
   * @return loggers
   */
  protected abstract List<WireLog> wireLogs();

  @Override
  final void sawPagesOfTwo(int pages) {
    assertThat(pages).as("pages of a list").isGreaterThan(1);
  }

  @AfterEach
  void theSimulatorItselfDidRight() {
    simulator().faults().clear();
    assertThat(simulator().bugs()).isEmpty();
    assertThat(simulator().notSimulated()).isEmpty();
  }

  @Nested
  class RegionLoss extends RegionLossContract {
    RegionLoss() {
      super(SimulatedCloudContract.this);
    }
  }

  @Nested
  class Interruptions extends InterruptionsContract {
    Interruptions() {
      super(SimulatedCloudContract.this);
    }
  }

  @Nested
  class BackupRefusals extends BackupRefusalContract {
    BackupRefusals() {
      super(SimulatedCloudContract.this);
    }
  }

  @Nested
  class BackupInterruptions extends BackupInterruptionsContract {
    BackupInterruptions() {
      super(SimulatedCloudContract.this);
    }
  }

  @Nested
  class Closing extends ClosingContract {
    Closing() {
      super(SimulatedCloudContract.this);
    }
  }

  @Nested
  class WireLogs extends WireLogContract {
    @Override
    protected Class<?> program() {
      return programWithSecrets();
    }

    @Override
    protected List<WireLog> known() {
      return wireLogs();
    }
  }
}
