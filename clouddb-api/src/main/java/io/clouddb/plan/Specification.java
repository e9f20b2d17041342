/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

/**
 * What a caller asks for: the spec of something new, or a change of what is there. A long operation
 * carries it in its token, so that another process goes on with the same request.
 */
public interface Specification {
  /** The environment variable that stands where a literal secret was; nobody sets it. */
  String FORGOTTEN_SECRET = "CLOUDDB_LITERAL_SECRET_IS_NOT_KEPT";

  /**
   * The same without literal secrets, once no step needs them any more.
   *
   * @return a value that can be written as JSON
   */
  Specification withoutSecrets();
}
