/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.Listing;
import io.clouddb.Native;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Instances;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Tables;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backups of one region and account, of instances and of tables, and what is restored from
 * them. A restore makes a new instance or table, and changes none. What is made in another region
 * is asked of the cloud there, {@code cloud.in(region)}.
 */
public final class Backups {
  /** The kind of backups in a {@link ResourceId}. */
  public static final String KIND = "backup";

  /** The kind of backups of tables in a {@link ResourceId}. */
  public static final String TABLE_KIND = "table-backup";

  /** The kind of automated backups that are kept in another region, in a {@link ResourceId}. */
  public static final String REPLICATION_KIND = "backup-replication";

  private static final String FEATURE = "clouddb.backups";

  private final CloudSession session;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param session what every facade works with
   */
  public Backups(CloudSession session) {
    this.session = session;
  }

  /**
   * Says what would become of each field of a spec, for a backup or a copy. Makes no remote call.
   *
   * @param source the instance or the table, or the backup that is copied
   * @param spec what the backup has to be
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(ResourceId source, BackupSpec spec) {
    requireNoTableCopy(source);
    BackupSpec asked = with(source, spec);
    return isTable(source) ? tableDriver().plan(asked) : driver().plan(asked);
  }

  /**
   * Says what would become of each field of a policy and of a backup. Makes no remote call.
   *
   * @param instance the instance
   * @param protection its policy from now on, and the backup
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(ResourceId instance, Protection protection) {
    return plan(with(instance, protection));
  }

  private Plan plan(Protection asked) {
    return Plan.of(
        asked, session.driver().instances().plan(asked.change()), driver().plan(asked.backup()));
  }

  /**
   * Says what would become of each field of a spec, and what the cloud takes from the source
   * whatever is asked. Makes no remote call.
   *
   * @param spec what the new instance has to be
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(RestoreSpec spec) {
    return driver().plan(here(spec));
  }

  /**
   * Says what would become of each field of a spec, and what the cloud takes from the source
   * whatever is asked. Makes no remote call.
   *
   * @param spec what the new table has to be
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(TableRestoreSpec spec) {
    return tableDriver().plan(here(spec));
  }

  /**
   * Says what would become of each field of a spec. Makes no remote call.
   *
   * @param instance whose automated backups are kept here, too
   * @param spec how
   * @return for each field whether it is honoured, adjusted or refused
   */
  public Plan plan(ResourceId instance, BackupReplicationSpec spec) {
    return driver().plan(with(instance, spec));
  }

  /**
   * Begins to take a backup of an instance, or of a table.
   *
   * @param source the instance, of this region, or the table
   * @param spec what the backup has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the backup can be restored
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is a backup of that name
   * @throws io.clouddb.error.NotFoundException when there is no such instance or table
   */
  public Operation<Backup> take(ResourceId source, BackupSpec spec, Native... customizations) {
    BackupSpec asked = with(source, spec);
    if (isTable(source)) {
      TableBackupDriver driver = tableDriver();
      driver.plan(asked).orThrow();
      return observed(
          "take",
          Tables.KIND,
          source,
          () ->
              session.begin(
                  session.required(TableBackupDriver.TAKE),
                  driver.idOf(asked),
                  asked,
                  customizations));
    }
    driver().plan(asked).orThrow();
    return observed(
        "take",
        Instances.KIND,
        source,
        () ->
            session.begin(
                session.required(BackupDriver.TAKE), driver().idOf(asked), asked, customizations));
  }

  /**
   * Begins to set the backup policy of an instance, and to take a backup by hand then.
   *
   * @param instance the instance, of this region
   * @param protection when backups are taken from now on and how long they are kept, and what the
   *     backup has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the backup can be restored; its result says what of the
   *     policy is not in force yet
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.ConditionFailedException when the policy would delete backups that
   *     there are, and does not say that it may: {@link BackupPolicy#discarding()}
   * @throws io.clouddb.error.AlreadyExistsException when there is a backup of that name
   * @throws io.clouddb.error.NotFoundException when there is no such instance
   */
  public Operation<ProtectedInstance> protect(
      ResourceId instance, Protection protection, Native... customizations) {
    Protection asked = with(instance, protection);
    plan(asked).orThrow();
    return observed(
        "protect",
        Instances.KIND,
        instance,
        () ->
            session.begin(session.required(BackupDriver.PROTECT), instance, asked, customizations));
  }

  /**
   * Begins to copy a backup into this region. The backup has to stay until the copy is there: a
   * cloud may end a copy whose source is deleted meanwhile, and then so does the operation, with an
   * error.
   *
   * @param backup the backup, of this region or another one of the same account
   * @param spec what the copy has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the copy can be restored
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is a backup of that name
   * @throws io.clouddb.error.NotFoundException when there is no such backup
   * @throws io.clouddb.error.ConditionFailedException when the backup cannot be copied as it is
   */
  public Operation<Backup> copy(ResourceId backup, BackupSpec spec, Native... customizations) {
    requireNoTableCopy(backup);
    BackupSpec asked = with(backup, spec);
    driver().plan(asked).orThrow();
    return observed(
        "copy",
        KIND,
        spec.name(),
        here -> {
          requireOfThisAccount(backup, KIND, here.account());
          return session.begin(
              session.required(BackupDriver.COPY), driver().idOf(asked), asked, customizations);
        });
  }

  /**
   * Begins to delete a backup. Copies that are there stay; a cloud may end one that is still being
   * made of it, in whichever region, so that neither can be restored any more.
   *
   * @param backup the backup, of this region, of an instance or of a table
   * @return the operation, which ends when it is gone
   * @throws io.clouddb.error.NotFoundException when there is none
   * @throws io.clouddb.error.ConditionFailedException when the cloud keeps it, such as an automatic
   *     one
   */
  public Operation<ResourceId> delete(ResourceId backup) {
    if (isOfTable(backup)) {
      tableDriver();
      return observed(
          "delete",
          TABLE_KIND,
          backup,
          () -> session.begin(session.required(TableBackupDriver.DELETE), backup, null));
    }
    return observed(
        "delete",
        KIND,
        backup,
        () -> session.begin(session.required(BackupDriver.DELETE), backup, null));
  }

  /**
   * Begins to make a new instance of a backup, or of an instance at a moment. It is in this region.
   *
   * @param spec what the new instance has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the new instance is available with all that was asked
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is an instance of that name
   * @throws io.clouddb.error.NotFoundException when there is no such backup or instance
   * @throws io.clouddb.error.ConditionFailedException when the moment is outside of the window, or
   *     the backup cannot be restored as it is
   */
  public Operation<Instance> restore(RestoreSpec spec, Native... customizations) {
    RestoreSpec asked = here(spec);
    driver().plan(asked).orThrow();
    return observed(
        "restore",
        Instances.KIND,
        asked.name(),
        id -> {
          requireOfThisAccount(asked.source(), asked.source().kind(), id.account());
          return session.begin(session.required(BackupDriver.RESTORE), id, asked, customizations);
        });
  }

  /**
   * Begins to make a new table of a backup, or of a table at a moment. It is in this region, and in
   * no other.
   *
   * @param spec what the new table has to be
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the new table can be used with all that was asked
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.AlreadyExistsException when there is a table of that name
   * @throws io.clouddb.error.NotFoundException when there is no such backup or table
   * @throws io.clouddb.error.ConditionFailedException when the moment is outside of the window, or
   *     the backup cannot be restored as it is
   */
  public Operation<TableDescription> restoreTable(TableRestoreSpec spec, Native... customizations) {
    TableRestoreSpec asked = here(spec);
    tableDriver().plan(asked).orThrow();
    return observed(
        "restoreTable",
        Tables.KIND,
        asked.name(),
        id -> {
          requireOfThisAccount(asked.source(), asked.source().kind(), id.account());
          return session.begin(
              session.required(TableBackupDriver.RESTORE), id, asked, customizations);
        });
  }

  /**
   * Begins to keep the automated backups of an instance of another region in this one, too.
   *
   * @param instance the instance, of another region of the same account
   * @param spec how
   * @param customizations changes to the vendor's own requests
   * @return the operation, which ends when the first of them is here
   * @throws io.clouddb.error.UnsupportedFeatureException when the plan refuses a field; nothing has
   *     happened then
   * @throws io.clouddb.error.NotFoundException when there is no such instance
   */
  public Operation<RestorableWindow> replicate(
      ResourceId instance, BackupReplicationSpec spec, Native... customizations) {
    BackupReplicationSpec asked = with(instance, spec);
    driver().plan(asked).orThrow();
    return observed(
        "replicate",
        REPLICATION_KIND,
        instance.name(),
        id -> {
          requireOfThisAccount(instance, Instances.KIND, id.account());
          return session.begin(session.required(BackupDriver.REPLICATE), id, asked, customizations);
        });
  }

  /**
   * Begins to end {@link #replicate}, and to delete what was kept here.
   *
   * @param instance the instance, of another region of the same account
   * @return the operation, which ends when nothing is kept here any more
   * @throws io.clouddb.error.NotFoundException when nothing of that instance is kept here
   */
  public Operation<ResourceId> endReplication(ResourceId instance) {
    return observed(
        "endReplication",
        REPLICATION_KIND,
        instance.name(),
        id -> {
          requireOfThisAccount(instance, Instances.KIND, id.account());
          return session.begin(
              session.required(BackupDriver.END_REPLICATION),
              id,
              BackupReplicationSpec.replicated().of(instance));
        });
  }

  /**
   * Looks for a backup of an instance, or of a table.
   *
   * @param source the instance, of this region, or the table; it may be gone
   * @param name the backup's name
   * @return the backup; empty when there is none of that name, or it is of something else
   */
  public Optional<Backup> find(ResourceId source, String name) {
    BackupSpec asked = BackupSpec.named(name).of(source, session.config().location());
    if (isTable(source)) {
      TableBackupDriver driver = tableDriver();
      return observed("find", Tables.KIND, source, () -> driver.find(driver.idOf(asked)))
          .filter(found -> found.source().filter(source::equals).isPresent());
    }
    return observed(
        "find",
        Instances.KIND,
        source,
        () ->
            driver()
                .find(driver().idOf(asked))
                .filter(found -> found.instance().filter(source::equals).isPresent()));
  }

  /**
   * Gets a backup.
   *
   * @param backup its id
   * @return the backup
   * @throws io.clouddb.error.NotFoundException when there is none
   */
  public Backup get(ResourceId backup) {
    return observed(
        "get",
        isOfTable(backup) ? TABLE_KIND : KIND,
        backup,
        () ->
            (isOfTable(backup) ? tableDriver().find(backup) : driver().find(backup))
                .orElseThrow(
                    () ->
                        ErrorDetails.of(
                                ErrorCategory.NOT_FOUND,
                                "There is no backup " + backup.name() + " in " + session.config())
                            .resource(backup.toString())
                            .nextStep(
                                "List those that there are: backups().list(BackupQuery.all()). An"
                                    + " automatic one goes by its policy.")
                            .toException()));
  }

  /**
   * Lists backups, page by page while the list is read.
   *
   * @param query which
   * @return the backups
   */
  public Listing<Backup> list(BackupQuery query) {
    return list(query, null);
  }

  /**
   * Lists backups from a page on.
   *
   * @param query which: the one of that page
   * @param pageToken what {@link Page#next()} gave; null for the beginning
   * @return the backups
   */
  public Listing<Backup> list(BackupQuery query, @Nullable String pageToken) {
    return new Listing<>(
        token ->
            query.tables()
                ? observed("list", TABLE_KIND, "-", id -> tableDriver().list(query, token))
                : observed("list", KIND, "-", id -> driver().list(query, token)),
        pageToken);
  }

  /**
   * Tells to which moments an instance or a table can be restored in this region. Azure tells no
   * last one: on it the window of an instance that is there ends now, by this machine's clock, and
   * the last minutes of it are no promise.
   *
   * @param source the instance, which may be gone, or be in another region from which its automated
   *     backups are {@link #replicate replicated}; or the table
   * @return the window
   * @throws io.clouddb.error.NotFoundException when nothing of the kind is known here
   */
  public RestorableWindow window(ResourceId source) {
    return isTable(source) ? tableWindow(source) : instanceWindow(source);
  }

  private RestorableWindow tableWindow(ResourceId table) {
    TableBackupDriver driver = tableDriver();
    return observed("window", Tables.KIND, table, () -> driver.window(table))
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "There is no table " + table.name() + " in " + session.config())
                    .resource(table.toString())
                    .nextStep(
                        "Look whether a backup is there: backups().list(BackupQuery.of(table)).")
                    .toException());
  }

  private RestorableWindow instanceWindow(ResourceId instance) {
    return observed(
        "window",
        Instances.KIND,
        instance.name(),
        id -> {
          requireOfThisAccount(instance, Instances.KIND, id.account());
          return driver()
              .window(instance)
              .orElseThrow(
                  () ->
                      ErrorDetails.of(
                              ErrorCategory.NOT_FOUND,
                              "There is no instance "
                                  + instance.name()
                                  + " in "
                                  + session.config()
                                  + ", nor anything that it left")
                          .resource(instance.toString())
                          .nextStep(
                              "Look whether a backup by hand is there:"
                                  + " backups().list(BackupQuery.of(instance)).")
                          .toException());
        });
  }

  private BackupSpec with(ResourceId source, BackupSpec spec) {
    spec.location().ifPresent(this::requireHere);
    spec.source().ifPresent(named -> CloudSession.requireSame(named, source));
    return spec.of(source, session.config().location()).checked();
  }

  private Protection with(ResourceId instance, Protection protection) {
    return protection.with(with(instance, protection.backup()));
  }

  private BackupReplicationSpec with(ResourceId instance, BackupReplicationSpec spec) {
    spec.source().ifPresent(named -> CloudSession.requireSame(named, instance));
    return spec.of(instance).checked();
  }

  private RestoreSpec here(RestoreSpec spec) {
    spec.location().ifPresent(this::requireHere);
    return spec.in(session.config().location()).checked();
  }

  private TableRestoreSpec here(TableRestoreSpec spec) {
    spec.location().ifPresent(this::requireHere);
    return spec.in(session.config().location());
  }

  private void requireNoTableCopy(ResourceId source) {
    if (isOfTable(source)) {
      throw unsupported("has no copies of backups of tables in this release");
    }
  }

  private static boolean isTable(ResourceId source) {
    return source.kind().equals(Tables.KIND);
  }

  private static boolean isOfTable(ResourceId backup) {
    return backup.kind().equals(TABLE_KIND);
  }

  private void requireHere(String region) {
    String here = session.config().location();
    if (!region.equals(here)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The spec is for " + region + ", and this cloud is open for " + here)
          .nextStep("Ask the cloud there: cloud.in(\"" + region + "\").backups().")
          .toException();
    }
  }

  private void requireOfThisAccount(ResourceId id, String kind, String account) {
    if (!id.provider().equals(session.config().provider())
        || !id.account().equals(account)
        || !id.kind().equals(kind)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              id + " is no " + kind + " of this cloud and account: they are of " + account)
          .nextStep("Open the cloud and account that the id names.")
          .toException();
    }
  }

  private BackupDriver driver() {
    return session
        .driver()
        .driver(BackupDriver.class)
        .orElseThrow(() -> unsupported("has no backups in this release"));
  }

  private TableBackupDriver tableDriver() {
    return session
        .driver()
        .driver(TableBackupDriver.class)
        .orElseThrow(() -> unsupported("has no backups of tables in this release"));
  }

  private CloudDbException unsupported(String what) {
    return ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE, session.config().provider() + " " + what)
        .nextStep("Use the vendor's client: unwrap(...).")
        .toException();
  }

  private <T> T observed(String call, String kind, String name, Function<ResourceId, T> body) {
    return session.observed(FEATURE, call, kind, name, body);
  }

  private <T> T observed(String call, String kind, ResourceId id, Supplier<T> body) {
    return session.observed(FEATURE, call, kind, id, body);
  }
}
