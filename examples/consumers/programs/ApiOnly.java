/* SPDX-License-Identifier: Apache-2.0 */
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;

/** Values and their JSON, and what is said when there is no provider, with clouddb-api and nothing else. */
public final class ApiOnly {
  public static void main(String[] args) {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("ADMIN_PW")))
            .build();
    if (!InstanceSpec.fromJson(spec.toJson()).equals(spec)) {
      throw new IllegalStateException("JSON and back is another spec");
    }
    try {
      CloudDb.open("clouddb:aws:us-east-1").close();
      throw new IllegalStateException("There is no provider here");
    } catch (NotFoundException e) {
      if (!String.valueOf(e.nextStep()).contains("io.clouddb:clouddb-aws")) {
        throw e;
      }
    }
    System.out.println("ok");
  }
}
