/* SPDX-License-Identifier: Apache-2.0 */
// @start region="code"
package com.example.shop;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;

/** Asks a real account which databases it has; changes nothing. */
public final class FirstCall {
  private FirstCall() {}

  public static void main(String[] args) {
    try (CloudDb cloud = CloudDb.open(args[0])) { // clouddb:gcp:europe-west1?project=your-project
      for (Instance instance : cloud.instances().list()) {
        System.out.println(instance.id() + " " + instance.state());
      }
    }
  }
}
// @end region="code"
