/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.InstanceSpec;
import java.time.Duration;

/** The same errors on every cloud, with the cloud's own as their cause. */
final class HandleErrors {
  private HandleErrors() {}

  static String create(CloudDb cloud, InstanceSpec spec) {
    // @start region="errors"
    try {
      return cloud.instances().create(spec).await(Duration.ofMinutes(30)).name();
    } catch (UnsupportedFeatureException e) { // thrown before the first remote call
      return "cannot be had here: " + e.getMessage();
    } catch (AlreadyExistsException e) {
      return "is there already: " + e.details().resource().orElse("?");
    } catch (CloudDbException e) {
      return (e.retryable() ? "try again: " : "no use to repeat: ")
          + e.details().providerCode().orElse("no code")
          + e.nextStep().map(step -> ". " + step).orElse("");
    }
    // @end region="errors"
  }
}
