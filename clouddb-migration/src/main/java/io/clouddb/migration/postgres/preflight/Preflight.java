/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a migration would work, by trying what it will do where that leaves no trace:
 * in transactions that are rolled back, and by a replication slot that is temporary. Everything
 * that is wrong is found at once.
 */
public final class Preflight {
  /** One group of questions; what it cannot find out does not keep others from being asked. */
  @FunctionalInterface
  interface Check {
    void run() throws SQLException;
  }

  private final TableSelection selection;
  private final PreflightOptions options;
  private final Findings findings;

  private Preflight(TableSelection selection, PreflightOptions options) {
    this.selection = selection;
    this.options = options;
    this.findings = new Findings(options.leftBehind());
  }

  /**
   * Asks everything of both databases. Nothing is changed, and nothing is thrown: a database that
   * cannot be reached is a finding.
   *
   * @param source the database to migrate
   * @param target the database to migrate it to
   * @param selection which tables
   * @param options what else there is to know
   * @return all findings, the worst first; the migration can begin when none is an {@link
   *     Severity#ERROR}
   */
  public static List<Finding> check(
      ConnectionDetails source,
      ConnectionDetails target,
      TableSelection selection,
      PreflightOptions options) {
    Preflight preflight = new Preflight(selection, options);
    preflight.connect(source, target);
    return preflight.findings.sorted();
  }

  private void connect(ConnectionDetails from, ConnectionDetails to) {
    Optional<Side> source = Side.connect(Side.Role.SOURCE, from, options.patience(), findings);
    Optional<Side> target = Side.connect(Side.Role.TARGET, to, options.patience(), findings);
    try {
      source.ifPresent(side -> checkSource(side, target));
      target.ifPresent(this::checkTarget);
      if (source.isPresent() && target.isPresent()) {
        checkBoth(source.get(), target.get());
      }
    } finally {
      source.ifPresent(Side::close);
      target.ifPresent(Side::close);
    }
  }

  private void checkSource(Side source, Optional<Side> target) {
    run("source.own-schema", new OwnSchemaCheck(source, findings)::run);
    run("source.replication", new ReplicationCheck(source, options, findings)::run);
    run("source.tables", new TableCheck(source, selection, options, findings)::run);
    run("source.identities", new IdentityCheck(source, target, selection, options, findings)::run);
    run("source.code", new CodeCheck(source, target, selection, options, findings)::run);
    run("source.consumers", new ConsumerCheck(source, findings)::run);
  }

  private void checkTarget(Side target) {
    run("target.own-schema", new OwnSchemaCheck(target, findings)::run);
    run("target.rights", new TargetCheck(target, findings)::run);
    if (options.reverse()) {
      run("target.replication", new ReplicationCheck(target, options, findings)::run);
    }
  }

  private void checkBoth(Side source, Side target) {
    run("both.servers", new ServerCheck(source, target, findings)::run);
    run("both.settings", new DatabaseCheck(source, findings)::run);
    run("both.row-security", new RowSecurityCheck(source, target, selection, findings)::run);
    run(
        "both.schemas",
        () -> {
          SchemaSurvey survey =
              SchemaSurvey.of(
                  source.connection(), target.connection(), selection, options.leftBehind());
          run("both.objects", new SchemaCheck(survey, source, target, selection, findings)::run);
          run("both.extensions", new ExtensionCheck(survey, source, target, findings)::run);
          run(
              "both.roles",
              () -> {
                Set<String> missing = new RoleCheck(survey, target, options, findings).run();
                new RehearsalCheck(survey, target, findings).run(missing);
              });
        });
  }

  private void run(String name, Check check) {
    try {
      check.run();
    } catch (SQLException | CloudDbException e) {
      findings.error(
          "preflight.incomplete",
          name,
          "These checks could not be completed: " + e.getMessage(),
          "Remove the cause, and run preflight again.");
    }
  }
}
