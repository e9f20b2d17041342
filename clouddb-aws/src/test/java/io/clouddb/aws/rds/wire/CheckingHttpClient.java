/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Stands between the SDK and the network, and holds what goes through against the definition of RDS
 * or STS. Requests to Secrets Manager go through as they are.
 */
public final class CheckingHttpClient implements SdkHttpClient {
  private final SdkHttpClient network;
  private final WireCheck rds = WireCheck.rds();
  private final WireCheck sts = WireCheck.sts();
  private final List<String> problems = new ArrayList<>();
  private int checked;

  /**
   * Puts a check in front of a client.
   *
   * @param network the client, which is closed with this one
   */
  public CheckingHttpClient(SdkHttpClient network) {
    this.network = network;
  }

  /**
   * What was not as the definition has it.
   *
   * @return a copy
   */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * How many requests were checked with their answers.
   *
   * @return the number
   */
  public synchronized int checked() {
    return checked;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = network.prepareRequest(request);
    if (request.httpRequest().firstMatchingHeader("X-Amz-Target").isPresent()) {
      return prepared;
    }
    String form = request.contentStreamProvider().map(CheckingHttpClient::read).orElse("");
    WireCheck check = sts.isOf(form) ? sts : rds;
    add(check.request(form));
    String action = WireCheck.parse(form).getOrDefault("Action", "");
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return checked(check, action, prepared.call());
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  private static String read(ContentStreamProvider content) {
    try (InputStream in = content.newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpExecuteResponse checked(WireCheck check, String action, HttpExecuteResponse response)
      throws IOException {
    byte[] body;
    try (InputStream in = response.responseBody().orElseThrow()) {
      body = in.readAllBytes();
    }
    add(
        check.response(
            action,
            response.httpResponse().statusCode(),
            new String(body, StandardCharsets.UTF_8)));
    synchronized (this) {
      checked++;
    }
    return HttpExecuteResponse.builder()
        .response(response.httpResponse())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  private synchronized void add(List<String> found) {
    problems.addAll(found);
  }

  @Override
  public String clientName() {
    return network.clientName();
  }

  @Override
  public void close() {
    network.close();
  }
}
