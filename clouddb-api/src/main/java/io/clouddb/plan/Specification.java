/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

import java.util.Map;
import java.util.Set;

/**
 * What a caller asks for: the spec of something new, or a change of what is there. A long operation
 * carries it in its token, so that another process goes on with the same request.
 */
public interface Specification {
  /** The environment variable that stands where a literal secret was; nobody sets it. */
  String FORGOTTEN_SECRET = "CLOUDDB_LITERAL_SECRET_IS_NOT_KEPT";

  /**
   * What is asked for, field by field, about each of which a plan has to say something. What is set
   * to false is asked for, too; what is left unset is not in it.
   *
   * @return the portable values by their fields, in the order of the fields
   */
  Map<Field, Object> values();

  /**
   * The fields that may be adjusted where the cloud cannot honour them.
   *
   * @return the fields
   */
  Set<? extends Field> preferring();

  /**
   * The same without literal secrets, once no step needs them any more.
   *
   * @return a value that can be written as JSON
   */
  Specification withoutSecrets();
}
