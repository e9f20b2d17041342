/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

/** Starts the instance. */
final class StartStep extends ActivationStep {
  StartStep(SqlAdminCalls calls, TheInstance instance) {
    super("start", InstanceReader.ALWAYS, calls, instance);
  }
}
