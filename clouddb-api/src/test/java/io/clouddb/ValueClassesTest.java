/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Drift;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaLag;
import io.clouddb.replica.ReplicaSpec;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a value is equal by all that it holds, and by nothing else. */
class ValueClassesTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        AdminLogin.class,
        BackupPolicy.class,
        BackupQuery.class,
        BackupReplicationSpec.class,
        BackupSpec.class,
        DataSize.class,
        Drift.class,
        Engine.class,
        FeatureContext.class,
        Insights.class,
        InstanceChange.class,
        InstanceSize.class,
        InstanceSpec.class,
        MaintenanceWindow.class,
        Network.class,
        Promoted.class,
        Promotion.class,
        ProtectedInstance.class,
        Protection.class,
        Replica.class,
        ReplicaLag.class,
        ReplicaSpec.class,
        RestorableWindow.class,
        RestoreSpec.class,
        Storage.class
      })
  void areEqualByAllThatTheyHold(Class<?> type) {
    EqualsVerifier.forClass(type).suppress(Warning.NULL_FIELDS).verify();
  }

  /** The vendor's objects are no part of what a backup is. */
  @Test
  void areTheSameBackupWhoeverHasReadIt() {
    EqualsVerifier.forClass(Backup.class)
        .withIgnoredFields("natives")
        .suppress(Warning.NULL_FIELDS)
        .verify();
  }

  /** The vendor's own id is another word for the same thing. */
  @Test
  void areTheSameResourceWhateverTheVendorCallsIt() {
    EqualsVerifier.forClass(ResourceId.class)
        .withIgnoredFields("nativeId")
        .suppress(Warning.NULL_FIELDS)
        .verify();
  }

  /** The vendor's objects, and how it is connected to, are no part of what an instance is. */
  @Test
  void areTheSameInstanceWhoeverHasReadIt() {
    EqualsVerifier.forClass(Instance.class)
        .withIgnoredFields(
            "natives", "secrets", "rootCertificates", "rootCertificate", "verification")
        .suppress(Warning.NULL_FIELDS)
        .verify();
  }
}
