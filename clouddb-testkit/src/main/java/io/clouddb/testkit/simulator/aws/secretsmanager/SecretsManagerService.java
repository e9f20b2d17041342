/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.secretsmanager;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsService;
import io.clouddb.testkit.simulator.aws.JsonCall;
import io.clouddb.testkit.simulator.aws.JsonProtocol;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;

/**
 * AWS Secrets Manager (2017-10-17): {@code GetSecretValue}, for what other services keep in it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">GetSecretValue</a>
 */
public final class SecretsManagerService implements AwsService {
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final int SUFFIX_LENGTH = 6;
  private static final int INTERNAL = 500;

  private final String account;
  private final ResourceStore<String> secrets = new ResourceStore<>("secret");
  private final JsonProtocol protocol =
      new JsonProtocol("1.1", "secretsmanager")
          .add("GetSecretValue", Verb.READ, "secret", "SecretId", this::getSecretValue);

  /**
   * Makes the service, without secrets.
   *
   * @param account the account number
   */
  public SecretsManagerService(String account) {
    this.account = account;
  }

  /**
   * Keeps a secret.
   *
   * @param region where
   * @param name its name, to which the service adds six characters
   * @param value its text
   * @return its ARN
   */
  public String create(String region, String name, String value) {
    String suffix =
        new SecureRandom()
            .ints(SUFFIX_LENGTH, 0, LETTERS.length())
            .mapToObj(LETTERS::charAt)
            .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
            .toString();
    String arn =
        String.join(
            ":",
            "arn",
            AwsPartition.of(region),
            "secretsmanager",
            region,
            account,
            "secret",
            name + "-" + suffix);
    secrets.create(key(region, arn), value);
    return arn;
  }

  /**
   * Deletes a secret, if it is there.
   *
   * @param region where
   * @param arn its ARN
   */
  public void delete(String region, String arn) {
    ResourceKey key = key(region, arn);
    if (secrets.find(key).isPresent()) {
      String unused = secrets.remove(key);
    }
  }

  private ResourceKey key(String region, String arn) {
    return new ResourceKey(account + "/" + region, arn);
  }

  private ObjectNode getSecretValue(JsonCall call) {
    call.only(Set.of("SecretId"));
    String id = call.members().path("SecretId").asText();
    String value =
        secrets
            .find(key(call.region(), id))
            .orElseThrow(
                () ->
                    AwsError.badRequest(
                        "ResourceNotFoundException",
                        "Secrets Manager can't find the specified secret."));
    return JsonNodeFactory.instance
        .objectNode()
        .put("ARN", id)
        .put("Name", id.substring(id.indexOf(":secret:") + ":secret:".length()))
        .put("SecretString", value);
  }

  @Override
  public String signingName() {
    return "secretsmanager";
  }

  @Override
  public List<AwsProtocol> protocols() {
    return List.of(protocol);
  }

  @Override
  public AwsError refused(SimulatorException reason) {
    return new AwsError(INTERNAL, "InternalServiceError", reason.sentence());
  }
}
