/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.RemoteCalls;
import java.util.function.Supplier;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Passwords in AWS Secrets Manager. A secret is either the password itself, or, as RDS and the
 * console make it, a JSON object with the members {@code username} and {@code password}.
 */
final class StoredSecrets {
  private final String region;
  private final Supplier<SecretsManagerClient> client;
  private final RemoteCalls calls;

  StoredSecrets(String region, Supplier<SecretsManagerClient> client, RemoteCalls calls) {
    this.region = region;
    this.client = client;
    this.calls = calls.translating(AwsErrors.ofReads());
  }

  String password(String id) {
    String text =
        calls
            .repeatable(
                "secretsmanager.GetSecretValue",
                where(id),
                () -> client.get().getSecretValue(request -> request.secretId(id)))
            .secretString();
    if (text == null) {
      throw unusable(id, "is binary");
    }
    if (!text.startsWith("{")) {
      return text;
    }
    JsonNode password;
    try {
      password = Json.READER.readTree(text).path("password");
    } catch (JsonProcessingException e) {
      // The exception quotes its input, so it is not the cause.
      throw unusable(id, "begins like JSON and is none");
    }
    if (!password.isTextual()) {
      throw unusable(id, "has no member 'password'");
    }
    return password.textValue();
  }

  private String where(String id) {
    return id + " in " + region;
  }

  private RuntimeException unusable(String id, String why) {
    return ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The secret " + id + " in Secrets Manager of " + region + " " + why)
        .resource(where(id))
        .toException();
  }

  /** Loaded with the first secret that is JSON. */
  private static final class Json {
    static final ObjectReader READER = new ObjectMapper().reader();
  }
}
