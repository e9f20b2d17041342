/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.serializer.SerializerAdapter;
import com.azure.core.util.serializer.SerializerEncoding;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The SDK's models as JSON, as Azure shows it and as it gets it; with ' in place of ". */
final class ServerJson {
  private static final SerializerAdapter SDK =
      SerializerFactory.createDefaultManagementSerializerAdapter();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ServerJson() {}

  /** A server as the SDK makes it of what Azure shows. */
  static ServerInner server(String shown) {
    try {
      return SDK.deserialize(shown.replace('\'', '"'), ServerInner.class, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Azure would get of a request. */
  static JsonNode sent(Object request) {
    try {
      return MAPPER.readTree(SDK.serialize(request, SerializerEncoding.JSON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
