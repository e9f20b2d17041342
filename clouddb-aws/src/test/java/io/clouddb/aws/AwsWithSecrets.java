/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import com.sun.net.httpserver.HttpServer;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.testkit.contract.WireLogContract;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The program with secrets on AWS, whose logs {@link WireLogContract} reads. */
final class AwsWithSecrets {
  private AwsWithSecrets() {}

  public static void main(String[] arguments) throws Exception {
    try (SimulatedAws rds = SimulatedAws.start()) {
      WireLogContract.ask(
          rds.config("us-east-1")
              .using(
                  AwsCredentialsProvider.class,
                  StaticCredentialsProvider.create(
                      AwsSessionCredentials.create(
                          "key", "3-" + WireLogContract.SECRET, "4-" + WireLogContract.SECRET)))
              .build());
      askInAContainer(rds);
      WireLogContract.create(rds.config("us-east-1").build(), RdsTestCloud.spec("orders").build());
      WireLogContract.useItems(
          rds.config("us-east-1").build(),
          GlobalTableSpec.builder("orders", Key.partition("pk", KeyType.STRING)).build());
    }
  }

  /** As it is on EKS: the credentials are fetched with a token that is shown in a header. */
  private static void askInAContainer(SimulatedAws rds) throws IOException {
    byte[] answer =
        """
        {"AccessKeyId": "key", "SecretAccessKey": "5-%1$s", "Token": "6-%1$s",
         "Expiration": "%2$s"}
        """
            .formatted(WireLogContract.SECRET, Instant.now().plusSeconds(3600))
            .getBytes(StandardCharsets.UTF_8);
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        "/credentials",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    agent.start();
    System.setProperty(
        "aws.containerCredentialsFullUri",
        "http://127.0.0.1:" + agent.getAddress().getPort() + "/credentials");
    System.setProperty("aws.containerAuthorizationToken", "7-" + WireLogContract.SECRET);
    try (ContainerCredentialsProvider login = ContainerCredentialsProvider.create()) {
      WireLogContract.ask(
          rds.config("us-east-1").using(AwsCredentialsProvider.class, login).build());
    } finally {
      agent.stop(0);
    }
  }
}
