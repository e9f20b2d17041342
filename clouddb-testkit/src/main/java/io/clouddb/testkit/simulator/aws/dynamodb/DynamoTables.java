/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The tables of an account in all regions. May be used from any thread. */
public final class DynamoTables {
  private static final String ARN = "arn:";
  private static final String NOT_FOUND = "ResourceNotFoundException";

  private record Key(String region, String name) {}

  private final String account;
  private final ConcurrentMap<Key, DynamoTable> tables = new ConcurrentHashMap<>();

  /**
   * Makes none.
   *
   * @param account the account's number
   */
  public DynamoTables(String account) {
    this.account = account;
  }

  /**
   * The account.
   *
   * @return its number
   */
  public String account() {
    return account;
  }

  /**
   * Adds a table.
   *
   * @param table the table
   * @return false when there is one of that name in its region, and nothing has been done
   */
  public boolean add(DynamoTable table) {
    return tables.putIfAbsent(new Key(table.region(), table.name()), table) == null;
  }

  /**
   * Removes a table.
   *
   * @param table the table
   */
  public void remove(DynamoTable table) {
    tables.remove(new Key(table.region(), table.name()), table);
  }

  /**
   * The tables of a region.
   *
   * @param region the region
   * @return by name
   */
  public List<DynamoTable> in(String region) {
    return tables.values().stream()
        .filter(table -> table.region().equals(region))
        .sorted(Comparator.comparing(DynamoTable::name))
        .toList();
  }

  /**
   * Looks for a table.
   *
   * @param region the request's region
   * @param nameOrArn its name, or its ARN, which has to be of that region
   * @return empty when there is none
   */
  public Optional<DynamoTable> find(String region, String nameOrArn) {
    return Optional.ofNullable(tables.get(new Key(region, nameOf(region, nameOrArn))));
  }

  /**
   * The name of a table.
   *
   * @param region the request's region
   * @param nameOrArn its name, or its ARN, which has to be of that region
   * @return its name
   * @throws AwsError for an ARN of something else
   */
  public String nameOf(String region, String nameOrArn) {
    if (!nameOrArn.startsWith(ARN)) {
      return nameOrArn;
    }
    String begin = DynamoTable.arn(account, region, "");
    if (!nameOrArn.startsWith(begin) || nameOrArn.indexOf('/', begin.length()) >= 0) {
      throw Validation.error("Invalid table ARN: " + nameOrArn);
    }
    return nameOrArn.substring(begin.length());
  }

  /**
   * A table whose items can be had.
   *
   * @param region the request's region
   * @param nameOrArn its name or its ARN
   * @return the table
   * @throws AwsError when there is none, or it is created or deleted just now
   */
  public DynamoTable usable(String region, String nameOrArn) {
    DynamoTable table =
        find(region, nameOrArn)
            .filter(DynamoTable::usable)
            .orElseThrow(() -> AwsError.badRequest(NOT_FOUND, "Requested resource not found"));
    AwsError refusal = table.refusal();
    if (refusal != null) {
      throw refusal;
    }
    return table;
  }

  /**
   * A table whose items can be had in transactions.
   *
   * @param region the request's region
   * @param nameOrArn its name or its ARN
   * @return the table
   * @throws AwsError when there is none, or it has no transactions
   */
  public DynamoTable transactional(String region, String nameOrArn) {
    DynamoTable table = usable(region, nameOrArn);
    if (table.isStrong()) {
      throw Validation.error(
          "Transactions are not supported for global tables with MultiRegionConsistency set to"
              + " STRONG.");
    }
    return table;
  }

  /**
   * A table of any status.
   *
   * @param region the request's region
   * @param nameOrArn its name or its ARN
   * @return the table
   * @throws AwsError when there is none
   */
  public DynamoTable any(String region, String nameOrArn) {
    return find(region, nameOrArn)
        .orElseThrow(
            () ->
                AwsError.badRequest(
                    NOT_FOUND,
                    "Requested resource not found: Table: "
                        + nameOf(region, nameOrArn)
                        + " not found"));
  }
}
