/* SPDX-License-Identifier: Apache-2.0 */
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import java.sql.SQLException;
import java.time.Duration;

/** Creates an instance on a simulator with one provider and nothing else, and says which driver is missing. */
public final class Call {
  public static void main(String[] args) throws Exception {
    InstanceSpec.Builder spec =
        InstanceSpec.builder(args[1], Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .admin(AdminLogin.of("app_admin", SecretRef.literal("not-a-real-password-1")));
    if (!args[0].startsWith("clouddb:aws:")) {
      spec.network(Network.publicAccess("203.0.113.0/24"));
    }
    InstanceSpec wanted = spec.build();
    try (CloudDb cloud = CloudDb.open(args[0])) {
      Instance created = cloud.instances().create(wanted).await(Duration.ofMinutes(2));
      require(cloud.instances().find(args[1]).isPresent(), "it is found");
      try {
        created.connection().dataSource().getConnection().close();
        require(false, "there is no driver here");
      } catch (SQLException e) {
        require(e.getMessage().contains("org.postgresql:postgresql"), e.getMessage());
      }
    }
    System.out.println("ok");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("Does not hold: " + what);
    }
  }
}
