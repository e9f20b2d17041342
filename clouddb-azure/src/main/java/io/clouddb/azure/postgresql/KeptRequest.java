/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.serializer.SerializerAdapter;
import com.azure.core.util.serializer.SerializerEncoding;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.PolledState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server's own PUT or PATCH as it stands in an operation's state, so that it can be sent again
 * when Azure ends it as failed, and held beside what the server shows. The password is kept as the
 * reference to where it is. A request with a literal password is kept without it, to be compared
 * only; one that the caller has customized, in which any secret may be, is not kept at all.
 */
final class KeptRequest {
  private static final String BODY = "request";
  private static final String COMPARED = "asked";
  private static final String PASSWORD = "password";
  private static final SerializerAdapter JSON =
      SerializerFactory.createDefaultManagementSerializerAdapter();

  private KeptRequest() {}

  /** Whether the request can be sent again. */
  static boolean isKept(PolledState state) {
    return state.value(BODY).isPresent();
  }

  /** Whether the request sets a password, which no look at the server shows. */
  static boolean setsPassword(PolledState state) {
    return state.secrets().containsKey(PASSWORD);
  }

  /** What the server was asked to be, as far as it shows it; empty when that is not kept. */
  static Optional<ServerForUpdate> asked(PolledState state) {
    // A PUT has all members of a PATCH under the same names.
    return state
        .value(BODY)
        .or(() -> state.value(COMPARED))
        .map(body -> read(body, ServerForUpdate.class));
  }

  static PolledState keep(
      PolledState state,
      ServerInner body,
      Customizations customizations,
      Optional<SecretRef> password) {
    String known = body.administratorLoginPassword();
    if (known == null) {
      return keep(state, (Object) body, customizations, password);
    }
    body.withAdministratorLoginPassword(null);
    PolledState kept = keep(state, (Object) body, customizations, password);
    body.withAdministratorLoginPassword(known);
    return kept;
  }

  /**
   * Keeps a PATCH.
   *
   * @param tags those that are changed, without those that the server has beside them
   */
  static PolledState keep(
      PolledState state,
      ServerForUpdate body,
      Customizations customizations,
      Optional<SecretRef> password,
      Map<String, String> tags) {
    String known = body.administratorLoginPassword();
    Map<String, String> all = body.tags();
    if (known != null) {
      body.withAdministratorLoginPassword(null);
    }
    body.withTags(tags.isEmpty() ? null : tags);
    PolledState kept = keep(state, (Object) body, customizations, password);
    if (known != null) {
      body.withAdministratorLoginPassword(known);
    }
    body.withTags(all);
    return kept;
  }

  private static PolledState keep(
      PolledState state,
      Object body,
      Customizations customizations,
      Optional<SecretRef> password) {
    if (!customizations.all().isEmpty()) {
      return state;
    }
    if (password.filter(ref -> ref.kind() == SecretRef.Kind.LITERAL).isPresent()) {
      return state.with(COMPARED, write(body));
    }
    PolledState kept = state.with(BODY, write(body));
    return password.isPresent() ? kept.with(PASSWORD, password.get()) : kept;
  }

  /** Without the request, which has been carried out. */
  static PolledState dropped(PolledState state) {
    Map<String, String> values = new TreeMap<>(state.values());
    if (values.remove(BODY) == null && values.remove(COMPARED) == null) {
      return state;
    }
    return new PolledState(
        state.kind(), state.resource(), state.step(), state.handle(), values, Map.of());
  }

  static ServerInner creation(PolledState state, Function<SecretRef, String> secrets) {
    ServerInner body = read(state.value(BODY).orElseThrow(), ServerInner.class);
    password(state, secrets).ifPresent(body::withAdministratorLoginPassword);
    return body;
  }

  /**
   * A PATCH to be sent again.
   *
   * @param now the server's tags, all of which a PATCH replaces
   */
  static ServerForUpdate update(
      PolledState state,
      Function<SecretRef, String> secrets,
      @Nullable Map<String, String> now) {
    ServerForUpdate body = read(state.value(BODY).orElseThrow(), ServerForUpdate.class);
    if (body.tags() != null) {
      Map<String, String> tags = new TreeMap<>(now == null ? Map.of() : now);
      tags.putAll(body.tags());
      body.withTags(tags);
    }
    password(state, secrets).ifPresent(body::withAdministratorLoginPassword);
    return body;
  }

  private static Optional<String> password(
      PolledState state, Function<SecretRef, String> secrets) {
    return Optional.ofNullable(state.secrets().get(PASSWORD)).map(secrets);
  }

  static String write(Object body) {
    try {
      return JSON.serialize(body, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T read(String body, Class<T> type) {
    try {
      return JSON.deserialize(body, type, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
