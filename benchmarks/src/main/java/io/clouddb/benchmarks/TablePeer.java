/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.testkit.simulator.aws.DynamoDbSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A simulator of DynamoDB in a process of its own, with the benchmarks' table. */
final class TablePeer implements AutoCloseable {
  private static final String SECRET = "test";
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  final DynamoDbAsyncClient client;

  /** Simulators by others, and how each is told its port. */
  enum Program {
    DYNALITE("dynalite", "--port"),
    MOTO("moto_server", "--port");

    private final String command;
    private final String port;

    Program(String command, String port) {
      this.command = command;
      this.port = port;
    }

    String command() {
      return command;
    }
  }

  private TablePeer(List<String> command, int port) throws Exception {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    client = TableServer.client(URI.create("http://127.0.0.1:" + port), SECRET);
    try {
      awaitAnswers(command.get(0));
      makeTable();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  static TablePeer clouddb() throws Exception {
    int port = freePort();
    return new TablePeer(
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-classpath",
            System.getProperty("java.class.path"),
            DynamoDbSimulator.class.getName(),
            "--port",
            Integer.toString(port),
            "--access-key",
            TableServer.ACCESS_KEY,
            "--secret-key",
            SECRET),
        port);
  }

  static TablePeer start(Program program) throws Exception {
    int port = freePort();
    return new TablePeer(
        List.of(
            Programs.find(program.command).orElseThrow().toString(),
            program.port,
            Integer.toString(port)),
        port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswers(String name) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try {
        client.listTables().join();
        return;
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof SdkClientException)
            || !process.isAlive()
            || System.nanoTime() > end) {
          throw new IOException(name + " does not answer", e);
        }
      }
    }
  }

  private void makeTable() {
    client
        .createTable(
            table ->
                table
                    .tableName(TableServer.TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                    .attributeDefinitions(text("pk"), text("sk")))
        .join();
    client.waiter().waitUntilTableExists(wait -> wait.tableName(TableServer.TABLE)).join();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  @Override
  public void close() {
    client.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
