/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableField;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/**
 * What every provider of tables has to do with them and with their data, on a real account as on a
 * simulator: one class to extend, with a nested class for each subject. The tables of the cases of
 * data are made with the first case that needs them and deleted at the end; each case of making,
 * changing, comparing and backing up tables has its own, which are deleted after it.
 *
 * <p>Where the system property {@code clouddb.testkit.features} names a folder, what was seen of
 * each feature is written there, as {@code PROVIDER-tables.jsonl}, by the piece with the tag {@code
 * features}.
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

  /**
   * A region beside the one of {@link #config()} in which a table can be, too.
   *
   * @return its name
   */
  protected abstract String otherRegion();

  /**
   * The regions of a table that is consistent over all of them.
   *
   * @return that of {@link #config()} and others; none, unless a subclass says otherwise, where a
   *     table has to be asked for no more than {@link io.clouddb.table.TableConsistency#REGIONAL}
   */
  protected List<String> consistentRegions() {
    return List.of();
  }

  /**
   * A key of the user's own that a table can be encrypted by.
   *
   * @param region where
   * @return the vendor's name of it
   */
  protected String encryptionKey(String region) {
    return "customer-key";
  }

  /**
   * A spec that asks for a field, with a value that this cloud honours where it honours one.
   *
   * @param base what the provider accepts, and what the new spec asks for as well where it can
   * @param field the field, of a spec
   * @return one with a value that some cloud honours, unless a subclass says otherwise
   */
  protected GlobalTableSpec asking(GlobalTableSpec base, TableField field) {
    return new TableSamples(this).asking(base, field);
  }

  /**
   * Changes a table as somebody does who does not use this library.
   *
   * @param cloud where
   * @param table what is changed
   * @param change what of it, of one field
   */
  protected void changeUnseen(CloudDb cloud, TableDescription table, TableChange change) {
    cloud.tables().modify(table.id(), change).await(limit());
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

  /** Where what is seen of the features is written down; the record of an earlier run goes. */
  FeatureRecord record() throws IOException {
    return FeatureRecord.of(config().build().provider(), "tables");
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

  @Nested
  @Tag("features")
  class Features extends TableFeaturesContract {
    Features() {
      super(TableContract.this);
    }
  }

  @Nested
  class Creation extends TableCreationContract {
    Creation() {
      super(TableContract.this);
    }
  }

  @Nested
  class Plans extends TablePlanContract {
    Plans() {
      super(TableContract.this);
    }
  }

  @Nested
  class Drifts extends TableDriftContract {
    Drifts() {
      super(TableContract.this);
    }
  }

  @Nested
  class Changes extends TableChangeContract {
    Changes() {
      super(TableContract.this);
    }
  }

  @Nested
  class Regions extends TableRegionContract {
    Regions() {
      super(TableContract.this);
    }
  }

  @Nested
  class Backups extends TableBackupContract {
    Backups() {
      super(TableContract.this);
    }
  }
}
