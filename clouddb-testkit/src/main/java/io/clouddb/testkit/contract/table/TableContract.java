/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.table.GlobalTableSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What every provider of tables has to do with their data, on a real account as on a simulator: one
 * class to extend, with a nested class for each subject. Its tables are made with the first case
 * that needs them and deleted at the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TableContract {
  private @Nullable SharedTables tables;

  /** Made by JUnit. */
  protected TableContract() {}

  /**
   * How to open the cloud. Every configuration that this method gives opens the same cloud.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder config();

  /**
   * A name that no table of the cloud has.
   *
   * @param what a word for it, of letters and digits
   * @return the name
   */
  protected abstract String newTableName(String what);

  /**
   * The spec of a table of the contract, with what else this cloud needs.
   *
   * @param base its key, indexes and version
   * @return the same, unless a subclass says otherwise
   */
  protected GlobalTableSpec spec(GlobalTableSpec base) {
    return base;
  }

  /**
   * Makes a table, and waits until it can be used.
   *
   * @param cloud where
   * @param spec what
   */
  protected void create(CloudDb cloud, GlobalTableSpec spec) {
    cloud.tables().create(spec).await(limit());
  }

  /**
   * Deletes a table that {@link #create} has made.
   *
   * @param cloud where
   * @param spec what
   */
  protected void delete(CloudDb cloud, GlobalTableSpec spec) {
    cloud.tables().delete(cloud.tables().get(spec.name()).id()).await(limit());
  }

  /**
   * How long making a table takes at most.
   *
   * @return five minutes, unless a subclass says otherwise
   */
  protected Duration limit() {
    return Duration.ofMinutes(5);
  }

  /**
   * How long it takes at most until an index has what its table has.
   *
   * @return ten seconds, unless a subclass says otherwise
   */
  protected Duration indexLag() {
    return Duration.ofSeconds(10);
  }

  /** Called at the end, when the tables are deleted and the cloud of the contract is closed. */
  protected void stop() {}

  /** The tables of the cases, which all of them share. */
  SharedTables tables() {
    SharedTables made = tables;
    if (made == null) {
      made = new SharedTables(this);
      tables = made;
    }
    return made;
  }

  /** Deletes the tables, and closes the cloud. */
  @AfterAll
  final void deleteTables() {
    SharedTables made = tables;
    try {
      if (made != null) {
        made.close();
      }
    } finally {
      stop();
    }
  }

  @Nested
  class Values extends ValueContract {
    Values() {
      super(TableContract.this);
    }
  }

  @Nested
  class Conditions extends ConditionContract {
    Conditions() {
      super(TableContract.this);
    }
  }

  @Nested
  class Updates extends UpdateContract {
    Updates() {
      super(TableContract.this);
    }
  }

  @Nested
  class Queries extends QueryContract {
    Queries() {
      super(TableContract.this);
    }
  }

  @Nested
  class Indexes extends IndexContract {
    Indexes() {
      super(TableContract.this);
    }
  }

  @Nested
  class Batches extends BatchContract {
    Batches() {
      super(TableContract.this);
    }
  }

  @Nested
  class Transactions extends TransactionContract {
    Transactions() {
      super(TableContract.this);
    }
  }

  @Nested
  class Versions extends VersionContract {
    Versions() {
      super(TableContract.this);
    }
  }

  @Nested
  class Objects extends TypedContract {
    Objects() {
      super(TableContract.this);
    }
  }

  @Nested
  class BadInput extends BadItemContract {
    BadInput() {
      super(TableContract.this);
    }
  }

  @Nested
  class Programs extends ProgramContract {
    Programs() {
      super(TableContract.this);
    }
  }
}
