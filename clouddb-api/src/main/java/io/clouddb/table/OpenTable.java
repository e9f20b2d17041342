/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.CloudSession;
import io.clouddb.internal.operation.DataCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableData;
import org.jspecify.annotations.Nullable;

/** A table that is open, and what its calls are checked by. */
final class OpenTable {
  private final GlobalTableSpec spec;
  private final CloudConfig config;
  private final TableData data;
  private final DataCalls calls;
  private final KeyChecks keys;
  private final QueryChecks queries;
  private final TransactionChecks transactions;
  private final Versions versions;
  private final PageTokens tokens;
  private final @Nullable String writeRegion;

  OpenTable(GlobalTableSpec spec, CloudSession session, TableData data) {
    this.spec = spec;
    this.config = session.config();
    this.data = data;
    this.calls = session.dataCalls("clouddb.table", Tables.KIND, spec.name());
    TableData.Limits limits = data.limits();
    this.keys = new KeyChecks(spec, limits);
    this.queries = new QueryChecks(spec, limits);
    this.transactions = new TransactionChecks(spec, limits, keys);
    this.versions = new Versions(spec);
    this.tokens = new PageTokens(config, spec.name());
    this.writeRegion = elsewhere(spec, config.location(), data.routesWrites());
  }

  /** The region that takes the writes, where this one does not. */
  private static @Nullable String elsewhere(
      GlobalTableSpec spec, String here, boolean routesWrites) {
    if (routesWrites
        || spec.regions().isEmpty()
        || spec.writes().orElse(Writes.ONE_REGION) == Writes.ANY_REGION) {
      return null;
    }
    String first = spec.regions().get(0).name();
    return first.equals(here) ? null : first;
  }

  GlobalTableSpec spec() {
    return spec;
  }

  TableData data() {
    return data;
  }

  DataCalls calls() {
    return calls;
  }

  KeyChecks keys() {
    return keys;
  }

  QueryChecks queries() {
    return queries;
  }

  TransactionChecks transactions() {
    return transactions;
  }

  Versions versions() {
    return versions;
  }

  PageTokens tokens() {
    return tokens;
  }

  RetryPolicy retryPolicy() {
    return config.retryPolicy();
  }

  /** Refuses a write where another region takes them. */
  void requireWritable() {
    if (writeRegion != null) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "Items of "
                  + spec.name()
                  + " are written in "
                  + writeRegion
                  + " alone (Writes.ONE_REGION), and this is "
                  + config.location())
          .resource(calls.resource())
          .nextStep(
              "Write by cloud.in(\""
                  + writeRegion
                  + "\").tables().open(spec), or make the table with Writes.ANY_REGION.")
          .toException();
    }
  }
}
