/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.serializer.SerializerAdapter;
import com.azure.core.util.serializer.SerializerEncoding;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The server's own PUT or PATCH as it stands in an operation's state, so that it can be sent again
 * when Azure ends it as failed. The password is kept as the reference to where it is. Not kept is
 * what would put a secret into the state: a request with a literal password, or one that the caller
 * has customized, in which anything may be.
 */
final class KeptRequest {
  private static final String BODY = "request";
  private static final String PASSWORD = "password";
  private static final SerializerAdapter JSON =
      SerializerFactory.createDefaultManagementSerializerAdapter();

  private KeptRequest() {}

  static boolean isKept(OperationState state) {
    return state.value(BODY).isPresent();
  }

  static OperationState keep(
      OperationState state,
      ServerInner body,
      Customizations customizations,
      Optional<SecretRef> password) {
    String known = body.administratorLoginPassword();
    if (known == null) {
      return keep(state, (Object) body, customizations, password);
    }
    body.withAdministratorLoginPassword(null);
    OperationState kept = keep(state, (Object) body, customizations, password);
    body.withAdministratorLoginPassword(known);
    return kept;
  }

  static OperationState keep(
      OperationState state,
      ServerForUpdate body,
      Customizations customizations,
      Optional<SecretRef> password) {
    String known = body.administratorLoginPassword();
    if (known == null) {
      return keep(state, (Object) body, customizations, password);
    }
    body.withAdministratorLoginPassword(null);
    OperationState kept = keep(state, (Object) body, customizations, password);
    body.withAdministratorLoginPassword(known);
    return kept;
  }

  private static OperationState keep(
      OperationState state,
      Object body,
      Customizations customizations,
      Optional<SecretRef> password) {
    if (!customizations.all().isEmpty()
        || password.filter(ref -> ref.kind() == SecretRef.Kind.LITERAL).isPresent()) {
      return state;
    }
    OperationState kept = state.with(BODY, write(body));
    return password.isPresent() ? kept.with(PASSWORD, password.get()) : kept;
  }

  /** Without the request, which has been carried out. */
  static OperationState dropped(OperationState state) {
    if (!isKept(state)) {
      return state;
    }
    Map<String, String> values = new TreeMap<>(state.values());
    values.remove(BODY);
    return new OperationState(
        state.kind(), state.resource(), state.step(), state.handle(), values, Map.of());
  }

  static ServerInner creation(OperationState state, Function<SecretRef, String> secrets) {
    ServerInner body = read(state, ServerInner.class);
    password(state, secrets).ifPresent(body::withAdministratorLoginPassword);
    return body;
  }

  static ServerForUpdate update(OperationState state, Function<SecretRef, String> secrets) {
    ServerForUpdate body = read(state, ServerForUpdate.class);
    password(state, secrets).ifPresent(body::withAdministratorLoginPassword);
    return body;
  }

  private static Optional<String> password(
      OperationState state, Function<SecretRef, String> secrets) {
    return Optional.ofNullable(state.secrets().get(PASSWORD)).map(secrets);
  }

  private static String write(Object body) {
    try {
      return JSON.serialize(body, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(OperationState state, Class<T> type) {
    try {
      return JSON.deserialize(state.value(BODY).orElseThrow(), type, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
