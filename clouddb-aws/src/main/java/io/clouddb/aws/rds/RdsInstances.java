/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Instances;
import io.clouddb.security.SecretRef;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Endpoint;

/** What RDS says of an instance, in portable terms. */
final class RdsInstances {
  private final String provider;
  private final String region;
  private final Supplier<String> account;

  /**
   * Makes it.
   *
   * @param account asked where an answer has no ARN, which names the account otherwise
   */
  RdsInstances(String provider, String region, Supplier<String> account) {
    this.provider = provider;
    this.region = region;
    this.account = account;
  }

  /** Of an instance, or of another one in its region, which need not be this one, and account. */
  ResourceId id(DBInstance instance, String name) {
    return InstanceArn.of(instance.dbInstanceArn())
        .map(arn -> id(arn.account(), arn.region(), name))
        .orElseGet(() -> id(account.get(), region, name));
  }

  ResourceId id(InstanceArn arn) {
    return id(arn.account(), arn.region(), arn.name()).withNativeId(arn.text());
  }

  private ResourceId id(String of, String in, String name) {
    return ResourceId.of(provider, of, in, Instances.KIND, name);
  }

  Instance toInstance(DBInstance instance) {
    ResourceId id = id(instance, instance.dbInstanceIdentifier());
    String arn = instance.dbInstanceArn();
    String version = instance.engineVersion();
    Instance.Builder builder =
        Instance.builder(
                arn == null ? id : id.withNativeId(arn),
                engine(instance.engine()),
                version == null ? "" : version,
                RdsStates.state(instance.dbInstanceStatus()),
                instance.dbInstanceStatus())
            .database(instance.dbName())
            .admin(admin(instance))
            .nativeSize(instance.dbInstanceClass())
            .storageSize(
                instance.allocatedStorage() == null
                    ? null
                    : DataSize.gib(instance.allocatedStorage()))
            .availability(availability(instance.multiAZ()))
            .deletionProtection(Boolean.TRUE.equals(instance.deletionProtection()))
            .tags(RdsCalls.tags(instance.tagList()))
            .nativeObject(instance);
    Endpoint endpoint = instance.endpoint();
    if (endpoint != null && endpoint.address() != null && endpoint.port() != null) {
      builder.endpoint(endpoint.address(), endpoint.port());
    }
    RdsRoots.of(region).ifPresent(builder::rootCertificates);
    return builder.build();
  }

  static Engine engine(String engine) {
    if (engine.equals("postgres")) {
      return Engine.POSTGRESQL;
    }
    return engine.startsWith("sqlserver-") ? Engine.SQLSERVER : new Engine(engine);
  }

  private static @Nullable Availability availability(@Nullable Boolean multiAz) {
    if (multiAz == null) {
      return null;
    }
    return multiAz ? Availability.REGIONAL : Availability.ZONAL;
  }

  private static @Nullable AdminLogin admin(DBInstance instance) {
    if (instance.masterUsername() == null) {
      return null;
    }
    boolean managed =
        instance.masterUserSecret() != null && instance.masterUserSecret().secretArn() != null;
    return managed
        ? AdminLogin.managed(instance.masterUsername())
            .passwordIn(SecretRef.store(instance.masterUserSecret().secretArn()))
        : AdminLogin.named(instance.masterUsername());
  }
}
