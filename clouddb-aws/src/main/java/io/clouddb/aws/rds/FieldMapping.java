/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Plan;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Says what becomes of a field and puts it into the request in one step, so that a plan cannot
 * differ from what is sent.
 *
 * @param <B> the request's builder
 */
final class FieldMapping<B> {
  private static final String PARAMETER = "DB parameter ";

  private final Plan.Builder plan;
  private final B request;
  private final Map<String, String> parameters = new TreeMap<>();

  FieldMapping(Plan.Builder plan, B request) {
    this.plan = plan;
    this.request = request;
  }

  Plan plan() {
    return plan.build();
  }

  B request() {
    return request;
  }

  /** The parameters that need a DB parameter group. */
  Map<String, String> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  <V> void honour(InstanceField field, String member, V value, BiFunction<B, V, B> setter) {
    plan.honour(field, member, value);
    set(value, setter);
  }

  /** Honoured under a condition that only the instance itself can tell. */
  <V> void honour(
      InstanceField field, String member, V value, String condition, BiFunction<B, V, B> setter) {
    plan.honour(field, member, value + " (" + condition + ")");
    set(value, setter);
  }

  <V> void adjust(
      InstanceField field, String member, V value, String why, BiFunction<B, V, B> setter) {
    plan.adjust(field, member, value, why);
    set(value, setter);
  }

  private <V> void set(V value, BiFunction<B, V, B> setter) {
    // The builders return themselves.
    B unused = setter.apply(request, value);
  }

  /** Honoured by what RDS does anyway, or by a request of its own. */
  void honoured(InstanceField field, String member, Object value) {
    plan.honour(field, member, value);
  }

  /** Left to RDS, where the caller only preferred it. */
  void left(InstanceField field, String member, String value, String why) {
    plan.adjust(field, member, value, why);
  }

  void refuse(InstanceField field, String why, String alternative) {
    plan.refuse(field, why, alternative);
  }

  void parameter(InstanceField field, String name, String value) {
    plan.honour(field, PARAMETER + name, value);
    parameters.put(name, value);
  }

  void parameter(String name, String value) {
    parameters.put(name, value);
  }
}
