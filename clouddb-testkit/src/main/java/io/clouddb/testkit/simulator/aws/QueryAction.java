/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

/** Does one action of a {@link QueryProtocol}. */
@FunctionalInterface
public interface QueryAction {
  /**
   * Does it.
   *
   * @param call what is asked for
   * @param result takes the members of the result
   * @throws AwsError for what the service refuses
   */
  void run(QueryCall call, QueryXml result);
}
