/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.Support;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.sql.ConnectionDetails;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * What every provider has to do, on a real account as on a simulator: one class to extend, with a
 * nested class for each subject. What a test makes it deletes, and nothing else. A provider that
 * has a simulator extends {@link SimulatedCloudContract}, which asks for more.
 *
 * <p>A driver that a provider need not have, such as that of replicas, is asked for only where
 * {@link io.clouddb.Capabilities} say that it is there; where they say no, everything that would
 * need it has to be refused by name.
 */
public abstract class CloudContract {
  /** Made by JUnit. */
  protected CloudContract() {}

  /**
   * How to open the cloud. Every configuration that this method gives opens the same cloud.
   *
   * @return a new builder
   */
  protected abstract CloudConfig.Builder config();

  /**
   * The least that a spec needs on this cloud, with the database {@code shop} and a network over
   * which the test can connect.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder spec(String name, AdminLogin admin);

  /**
   * The least that an instance needs to have replicas, in its own region and in {@link
   * #otherRegion()}.
   *
   * @param name the instance's name
   * @param admin its administrator
   * @return that of {@link #spec}, unless a subclass says otherwise
   */
  protected InstanceSpec.Builder source(String name, AdminLogin admin) {
    return spec(name, admin);
  }

  /**
   * A region beside the one of {@link #config()}.
   *
   * @return its name
   */
  protected abstract String otherRegion();

  /**
   * The least that a replica in the other region needs.
   *
   * @param name its name
   * @return a spec that asks for nothing, unless a subclass says otherwise
   */
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name);
  }

  /**
   * How long a change of an instance takes at most.
   *
   * @return two minutes, unless a subclass says otherwise
   */
  protected Duration limit() {
    return Duration.ofMinutes(2);
  }

  /**
   * How the test itself connects; a subclass may go through a tunnel.
   *
   * @param details what the library says
   * @return where the test connects to
   */
  protected ConnectionDetails reachable(ConnectionDetails details) {
    return details;
  }

  /**
   * Told of each feature, once the provider's capabilities and its plans have said the same about
   * it, so that a subclass can write down what the cloud can do. By default nothing is done.
   *
   * @param feature the feature
   * @param support honoured, or refused or conditional with the reason
   */
  protected void proved(Feature feature, Support support) {}

  /** Told how many pages a list of two instances had; an account has pages of its own size. */
  void sawPagesOfTwo(int pages) {}

  @Nested
  class Creation extends CreationContract {
    Creation() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Lookup extends LookupContract {
    Lookup() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Plans extends PlanContract {
    Plans() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Catalogs extends CatalogContract {
    Catalogs() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Drifts extends DriftContract {
    Drifts() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Operations extends OperationContract {
    Operations() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Changes extends ChangeContract {
    Changes() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Deletion extends DeletionContract {
    Deletion() {
      super(CloudContract.this);
    }
  }

  @Nested
  class BadInput extends BadInputContract {
    BadInput() {
      super(CloudContract.this);
    }
  }

  @Nested
  class Replicas extends ReplicaContract {
    Replicas() {
      super(CloudContract.this);
    }
  }

  @Nested
  class NoReplicas extends NoReplicaContract {
    NoReplicas() {
      super(CloudContract.this);
    }
  }
}
