/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;

/** Who may reach an instance: the one part of a spec that the clouds do not say alike. */
final class Networks {
  private Networks() {}

  static InstanceSpec onAws(InstanceSpec orders) {
    // @start region="aws"
    InstanceSpec onAws = orders; // the default VPC, whose security group says who may connect
    // @end region="aws"
    return onAws;
  }

  static InstanceSpec elsewhere(InstanceSpec orders) {
    // @start region="elsewhere"
    InstanceSpec elsewhere =
        orders.toBuilder().network(Network.publicAccess("203.0.113.0/24")).build();
    // @end region="elsewhere"
    return elsewhere;
  }
}
