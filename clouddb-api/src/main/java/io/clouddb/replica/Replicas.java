/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Instances;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.spi.ReplicaDriver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of one region and account. A replica in another region than its source is made,
 * found and promoted through the cloud of its own region, {@code cloud.in(region)}: no call goes to
 * the source's region then, which may be gone. A replica is an instance: it is deleted, stopped and
 * changed through {@link Instances}.
 */
public final class Replicas {
  private static final Logger log = LoggerFactory.getLogger(Replicas.class);
  private static final String FEATURE = "clouddb.replicas";

  private final CloudSession session;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param session what every facade works with
   */
  public Replicas(CloudSession session) {
    this.session = session;
  }

  /**
   * Says what would become of each field of a spec. Makes no remote call.
   *
   * @param source the instance to follow
   * @param spec what the replica has to be
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(ResourceId source, ReplicaSpec spec) {
    return driver().plan(with(source, spec));
  }

  /**
   * Says whether the cloud can promote so. Makes no remote call.
   *
   * @param promotion how
   * @return whether it is honoured or refused
   */
  public Plan planPromote(Promotion promotion) {
    return driver().plan(promotion);
  }

  /**
   * Begins to create a replica in this region.
   *
   * @param source the instance to follow, in this region or another one of the same account
   * @param spec what it has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the replica follows its source
   * @throws io.clouddb.error.InvalidArgumentException when the spec is malformed, or names another
   *     source; nothing has happened then
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is an instance of that name
   * @throws io.clouddb.error.NotFoundException when there is no such source
   * @throws io.clouddb.error.ConditionFailedException when the source cannot have one as it is
   */
  public Operation<Instance> create(ResourceId source, ReplicaSpec spec, Native... customizations) {
    ReplicaSpec asked = with(source, spec);
    driver().plan(asked).orThrow();
    return observed(
        "create",
        spec.name(),
        id -> {
          requireFollowed(source, id.account());
          return session.begin(session.required(ReplicaDriver.CREATE), id, asked, customizations);
        });
  }

  private ReplicaSpec with(ResourceId source, ReplicaSpec spec) {
    requireFollowed(source, session.driver().knownAccount().orElse(source.account()));
    spec.source().ifPresent(named -> CloudSession.requireSame(named, source));
    return spec.of(source).checked();
  }

  private void requireFollowed(ResourceId source, String account) {
    if (!source.provider().equals(session.config().provider())
        || !source.account().equals(account)
        || !source.kind().equals(Instances.KIND)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              source + " is no instance of this cloud and account, and cannot be followed here")
          .nextStep(
              source.account().isEmpty()
                  ? "Get it by its name: the id that it has then names its account."
                  : "Move its data by a migration instead.")
          .toException();
    }
  }

  /**
   * Looks for a replica in this region.
   *
   * @param name its name
   * @return the replica; empty when there is no instance of that name, or it is none
   */
  public Optional<Replica> find(String name) {
    return observed("get", name, id -> driver().find(name).map(this::complete));
  }

  /**
   * Gets a replica.
   *
   * @param id its id
   * @return the replica
   * @throws io.clouddb.error.NotFoundException when there is no instance of that name, or it is no
   *     replica
   */
  public Replica get(ResourceId id) {
    return observed("get", id, () -> driver().find(id.name()).map(this::complete))
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "There is no replica " + id.name() + " in " + session.config())
                    .resource(id.toString())
                    .nextStep(
                        "Look by instances().find(name) whether it is an instance of its own, and"
                            + " in other regions by cloud.in(region).")
                    .toException());
  }

  /**
   * Lists the replicas of an instance, in all regions that its cloud tells of.
   *
   * @param source the instance, which is in this region
   * @return the ids of its replicas, not those of its replicas' replicas
   * @throws io.clouddb.error.NotFoundException when there is no such instance
   */
  public List<ResourceId> list(ResourceId source) {
    return observed("list", source, () -> driver().replicasOf(source));
  }

  /**
   * Asks a replica itself how far it is behind.
   *
   * @param id the replica
   * @param login the role and where its password is: those of the source
   * @return what it says
   * @throws io.clouddb.error.UnavailableException when it cannot be reached
   * @throws io.clouddb.error.ConditionFailedException when it takes writes itself
   */
  public ReplicaLag lag(ResourceId id, AdminLogin login) {
    return observed("lag", id, () -> MeasuredLag.of(get(id).instance(), login));
  }

  /**
   * Begins to promote a replica. Makes no call to another region than this one where the promotion
   * is forced.
   *
   * @param id the replica
   * @param promotion how
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the instance takes writes
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud cannot promote so; nothing
   *     has happened then
   * @throws io.clouddb.error.ConditionFailedException when it is no replica, or cannot be promoted
   *     as it is
   */
  public Operation<Promoted> promote(ResourceId id, Promotion promotion, Native... customizations) {
    driver().plan(promotion).orThrow();
    return observed(
        "promote",
        id,
        () -> {
          Promotion measured =
              promotion
                  .login()
                  .map(login -> measured(id, promotion, login))
                  .orElseGet(() -> promotion.measured(null));
          return session.begin(
              session.required(ReplicaDriver.PROMOTE), id, measured, customizations);
        });
  }

  /** By force, it is promoted also when it does not say how far it is, for whatever reason. */
  private Promotion measured(ResourceId id, Promotion promotion, AdminLogin login) {
    try {
      ReplicaLag lag = MeasuredLag.of(get(id).instance(), login);
      return promotion.measured(lag.lastReplayed().orElse(null));
    } catch (CloudDbException e) {
      // That it is no replica is told by what looks before the promotion, too.
      if (!promotion.isForced()) {
        throw e;
      }
      log.warn("{} is promoted without a measure of what it has: {}", id, e.getMessage());
      return promotion.measured(null);
    }
  }

  private Replica complete(Replica found) {
    return found.with(session.withSecrets(found.instance()));
  }

  private ReplicaDriver driver() {
    return session
        .driver()
        .driver(ReplicaDriver.class)
        .orElseThrow(() -> unsupported("has no replicas in this release"));
  }

  private CloudDbException unsupported(String what) {
    return ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE, session.config().provider() + " " + what)
        .nextStep("Copy the data continuously by a migration, which needs no feature of the cloud.")
        .toException();
  }

  private <T> T observed(String call, String name, Function<ResourceId, T> body) {
    return session.observed(FEATURE, call, Instances.KIND, name, body);
  }

  private <T> T observed(String call, ResourceId id, Supplier<T> body) {
    return session.observed(FEATURE, call, Instances.KIND, id, body);
  }
}
