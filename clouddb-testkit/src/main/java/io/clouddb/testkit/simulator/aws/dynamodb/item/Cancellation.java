/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.StoredItem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a transaction is cancelled: a reason for each of its actions, in their order. */
public final class Cancellation {
  private static final String NONE = "None";

  private record Reason(String code, @Nullable String message, @Nullable StoredItem item) {}

  private final List<Reason> reasons = new ArrayList<>();

  /** Begins, with the first action. */
  public Cancellation() {}

  /** Says that nothing is wrong with the next action. */
  public void none() {
    reasons.add(new Reason(NONE, null, null));
  }

  /**
   * Says that the condition of the next action does not hold.
   *
   * @param item what there is, if it is to be told
   */
  public void conditionFailed(@Nullable StoredItem item) {
    reasons.add(new Reason("ConditionalCheckFailed", "The conditional request failed", item));
  }

  /**
   * Says why the next action cannot be done.
   *
   * @param error what the service would say of it alone
   * @throws AwsError the same, where it is of an empty key: that is no reason to cancel a
   *     transaction, but refuses the request
   */
  public void refused(AwsError error) {
    if (ItemKeys.isOfEmptyKey(error)) {
      throw error;
    }
    String code =
        switch (error.code()) {
          case "ValidationException" -> "ValidationError";
          case "ProvisionedThroughputExceededException" -> "ProvisionedThroughputExceeded";
          default -> error.code();
        };
    reasons.add(new Reason(code, error.text(), null));
  }

  /**
   * Cancels the transaction if there is a reason.
   *
   * @throws AwsError when there is one
   */
  public void check() {
    if (reasons.stream().allMatch(reason -> reason.code().equals(NONE))) {
      return;
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Reason reason : reasons) {
      ObjectNode one = all.addObject().put("Code", reason.code());
      if (reason.message() != null) {
        one.put("Message", reason.message());
      }
      if (reason.item() != null) {
        one.set("Item", ValueWriter.tree(reason.item().attributes()));
      }
    }
    throw AwsError.badRequest(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
                + reasons.stream().map(Reason::code).collect(Collectors.joining(", ", "[", "]")))
        .with("CancellationReasons", all);
  }
}
