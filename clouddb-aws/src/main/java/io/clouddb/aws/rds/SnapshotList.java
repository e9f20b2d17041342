/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Page;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.Filter;

/**
 * The snapshots of a region, page by page, those of AWS Backup last. The API Reference, {@code
 * SnapshotType}: without one "both automated and manual snapshots are returned"; AWS Backup's are
 * returned for {@code awsbackup} alone.
 */
final class SnapshotList {
  private static final String BY_INSTANCE = "db-instance-id";

  /** Of a page's token: which type comes next, and RDS' own marker. */
  private static final String BETWEEN = ":";

  private final SnapshotCalls calls;
  private final Function<DBSnapshot, Backup> view;

  SnapshotList(SnapshotCalls calls, Function<DBSnapshot, Backup> view) {
    this.calls = calls;
    this.view = view;
  }

  Page<Backup> page(BackupQuery query, @Nullable String pageToken) {
    List<@Nullable String> types = types(query);
    int at = pageToken == null ? 0 : type(pageToken, types.size());
    String after = pageToken == null ? "" : pageToken.substring(pageToken.indexOf(BETWEEN) + 1);
    DescribeDbSnapshotsRequest.Builder request =
        DescribeDbSnapshotsRequest.builder()
            .snapshotType(types.get(at))
            .marker(after.isEmpty() ? null : after);
    // By the member DBInstanceIdentifier RDS finds those of instances that are there.
    query
        .instance()
        .ifPresent(
            instance ->
                request.filters(
                    Filter.builder().name(BY_INSTANCE).values(instance.name()).build()));
    DescribeDbSnapshotsResponse page = calls.page(request);
    return new Page<>(
        page.dbSnapshots().stream()
            // Callers have seen AWS Backup's where no type was named, too: each is listed once.
            .filter(one -> isAwsBackups(one.snapshotType()) == isAwsBackups(types.get(at)))
            .map(view)
            .filter(query::matches)
            .toList(),
        next(at, types.size(), page.marker()));
  }

  private static boolean isAwsBackups(@Nullable String type) {
    return SnapshotView.AWS_BACKUP.equals(type);
  }

  /** In the order in which they are asked for; null for those by hand and RDS' own together. */
  private static List<@Nullable String> types(BackupQuery query) {
    if (query.origin().isEmpty()) {
      List<@Nullable String> all = new ArrayList<>();
      all.add(null);
      all.add(SnapshotView.AWS_BACKUP);
      return Collections.unmodifiableList(all);
    }
    return query.origin().get() == Backup.Origin.AUTOMATIC
        ? List.of(SnapshotView.AUTOMATED, SnapshotView.AWS_BACKUP)
        : List.of(SnapshotView.MANUAL);
  }

  private static @Nullable String next(int at, int types, @Nullable String marker) {
    if (marker != null && !marker.isEmpty()) {
      return at + BETWEEN + marker;
    }
    return at + 1 < types ? at + 1 + BETWEEN : null;
  }

  private static int type(String pageToken, int types) {
    for (int at = 0; at < types; at++) {
      if (pageToken.startsWith(at + BETWEEN)) {
        return at;
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT, "This is no page's token of this query: " + pageToken)
        .nextStep("Take it as a page of the same query has given it, or list from the beginning.")
        .toException();
  }
}
