/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a long operation stands: all that another process needs to go on with it. It becomes the
 * operation's token, so it holds references to secrets only; one that refers to a literal secret
 * has no token until the step that needs the secret is over.
 *
 * @param kind what is done, for example {@code instance.create}
 * @param resource to what
 * @param step the step that was reached, in the driver's own words
 * @param handle the vendor's id of the step's operation; null when there is none
 * @param values what later steps need
 * @param secrets what later steps need and is secret
 */
public record PolledState(
    String kind,
    ResourceId resource,
    String step,
    @Nullable String handle,
    Map<String, String> values,
    Map<String, SecretRef> secrets) {
  /** Kind of {@link InstanceDriver#startCreate}. */
  public static final String CREATE = "instance.create";

  /** Kind of {@link InstanceDriver#startModify}. */
  public static final String MODIFY = "instance.modify";

  /** Kind of {@link InstanceDriver#startStart}. */
  public static final String START = "instance.start";

  /** Kind of {@link InstanceDriver#startStop}. */
  public static final String STOP = "instance.stop";

  /** Kind of {@link InstanceDriver#startDelete}. */
  public static final String DELETE = "instance.delete";

  /** Far above any of ours; messages repeat these names. */
  private static final int LONGEST_NAME = 400;

  /**
   * Keeps the maps unmodifiable.
   *
   * @throws io.clouddb.error.InvalidArgumentException when the kind or the step is no name, but a
   *     text of more than 400 characters
   */
  public PolledState {
    requireName("kind", kind);
    Objects.requireNonNull(resource, "resource");
    requireName("step", step);
    values = Map.copyOf(Objects.requireNonNull(values, "values"));
    secrets = Map.copyOf(Objects.requireNonNull(secrets, "secrets"));
  }

  private static void requireName(String what, String name) {
    Objects.requireNonNull(name, what);
    if (name.length() > LONGEST_NAME) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The %s of an operation has at most %d characters, not %d: is this its token?"
                  .formatted(what, LONGEST_NAME, name.length()))
          .toException();
    }
  }

  /**
   * Starts a state without values.
   *
   * @param kind what is done
   * @param resource to what
   * @param step the step that was reached
   * @return the state
   */
  public static PolledState of(String kind, ResourceId resource, String step) {
    return new PolledState(kind, resource, step, null, Map.of(), Map.of());
  }

  /**
   * The same operation at another step.
   *
   * @param newStep the step
   * @param newHandle the vendor's id of the step's operation; null when there is none
   * @return a new state
   */
  public PolledState at(String newStep, @Nullable String newHandle) {
    return new PolledState(kind, resource, newStep, newHandle, values, secrets);
  }

  /**
   * With a value that later steps need.
   *
   * @param name its name
   * @param value the value, not secret
   * @return a new state
   */
  public PolledState with(String name, String value) {
    Map<String, String> all = new TreeMap<>(values);
    all.put(name, value);
    return new PolledState(kind, resource, step, handle, all, secrets);
  }

  /**
   * With a secret that later steps need.
   *
   * @param name its name
   * @param secret where it is
   * @return a new state
   */
  public PolledState with(String name, SecretRef secret) {
    Map<String, SecretRef> all = new TreeMap<>(secrets);
    all.put(name, secret);
    return new PolledState(kind, resource, step, handle, values, all);
  }

  /**
   * Without the secrets, once the step that needed them is over.
   *
   * @return a new state
   */
  public PolledState withoutSecrets() {
    return new PolledState(kind, resource, step, handle, values, Map.of());
  }

  /**
   * A value.
   *
   * @param name its name
   * @return the value, empty when there is none
   */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
