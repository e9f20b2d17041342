/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import java.util.ArrayList;
import java.util.List;

/** Whether a {@link WalPolicy} makes sense, as far as that can be told without looking anywhere. */
final class WalPolicyCheck {
  private WalPolicyCheck() {}

  /** What is wrong with it, in words. */
  static List<String> wrong(WalPolicy policy, boolean hasRoute) {
    List<String> wrong = new ArrayList<>();
    if (policy instanceof WalPolicy.Stop stop) {
      limit(stop.limit(), wrong);
    } else if (policy instanceof WalPolicy.Spill spill) {
      limit(spill.limit(), wrong);
      if (spill.mostBytes() < 1) {
        wrong.add("what the files of retainedWal may hold is at least 1 byte");
      }
    } else if (policy instanceof WalPolicy.Throttle throttle) {
      limit(throttle.limit(), wrong);
      if (!hasRoute) {
        wrong.add(
            "retainedWal throttles the application through its route, and route is missing: give"
                + " one, or stop or spill instead");
      }
    }
    return wrong;
  }

  private static void limit(long limit, List<String> wrong) {
    if (limit < 1) {
      wrong.add("the limit of retainedWal is at least 1 byte");
    }
  }
}
