/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a simulator answers to requests of the vendor's SDK, with changes, and to any bytes. */
final class SimulatorTargets implements AutoCloseable {
  /** A simulator keeps its requests, and what was made by them. */
  private static final int CASES_OF_ONE = 4000;

  private static final List<String> LINES =
      List.of(
          "OPTIONS * HTTP/1.1", "GET http://example.com/ HTTP/1.1", "GET /a/../b?%25zz HTTP/1.1");

  /** The JDK's server refuses others, and does not wait until the answer has arrived. */
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:.*");

  private static final List<String> HEADERS =
      List.of(
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Type: application/json; charset=none",
          "Host: example.com",
          "Origin: https://example.com",
          "Authorization: ",
          "Authorization: Bearer x",
          "X-Amz-Target: secretsmanager.GetSecretValue",
          "If-Match: *");

  private final String name;
  private final Callable<Simulated> start;
  private @Nullable Simulated running;
  private int cases;

  private SimulatorTargets(String name, Callable<Simulated> start) {
    this.name = name;
    this.start = start;
  }

  static List<SimulatorTargets> all() {
    return List.of(
        new SimulatorTargets("rds-requests", Simulated::aws),
        new SimulatorTargets("arm-requests", Simulated::azure),
        new SimulatorTargets("sqladmin-requests", Simulated::google));
  }

  Target target() {
    return new Target(name, this::start, this::run);
  }

  private void start() throws Exception {
    if (running == null || cases++ > CASES_OF_ONE) {
      close();
      Simulated now = start.call();
      running = now;
      cases = 0;
      // Else each case would be refused at the door.
      assertThat(now.requests()).hasSizeGreaterThan(8);
      RawRequest last = now.requests().get(now.requests().size() - 1);
      assertThat(answer(now, now.signed(last).bytes())).startsWith("HTTP/1.1 200");
    }
  }

  private void run(Source source) throws Exception {
    Simulated simulated = requireNonNull(running);
    if (source.chance(15)) {
      byte[] bytes =
          source.changedBytes(simulated.requests().stream().map(RawRequest::bytes).toList());
      check(simulated, answer(simulated, bytes));
      return;
    }
    RawRequest request = changed(source, simulated.requests());
    source.noted(request.line() + " " + request.headers() + " " + request.text());
    RawRequest sent = source.chance(90) ? simulated.signed(request) : request;
    String answer = answer(simulated, sent.bytes());
    // A whole request is answered, whatever is in it; but what names no path does not come to us.
    if (request.line().contains(" /")) {
      assertThat(answer).as("the answer to a whole request").startsWith("HTTP/1.1 ");
    }
    check(simulated, answer);
  }

  private static void check(Simulated simulated, String answer) {
    assertThat(simulated.bugs()).as(answer).isEmpty();
    assertThat(answer).doesNotContain("A bug in the simulator");
    if (!answer.isEmpty()) {
      assertThat(answer).matches("(?s)HTTP/1\\.1 [2-5][0-9][0-9].*");
    }
  }

  private static String answer(Simulated simulated, byte[] request) throws Exception {
    return new String(HttpWire.send(simulated.endpoint(), request), StandardCharsets.UTF_8);
  }

  private static RawRequest changed(Source source, List<RawRequest> samples) {
    RawRequest sample = source.pick(samples);
    List<String> headers = new ArrayList<>(sample.headers());
    if (source.chance(20)) {
      String header = onOneLine(source.changed(headers));
      if (HEADER.matcher(header).matches()) {
        headers.set(source.below(headers.size()), header);
      }
    }
    if (source.chance(15)) {
      headers.add(source.pick(HEADERS));
    }
    if (source.chance(10)) {
      headers.remove(source.below(headers.size()));
    }
    String line = sample.line();
    if (source.chance(40)) {
      line = source.chance(10) ? source.pick(LINES) : changedLine(source, line, samples);
    }
    return new RawRequest(line, headers, body(source, sample));
  }

  /** Only the path and the query: what is no request line is refused before it comes to us. */
  private static String changedLine(Source source, String line, List<RawRequest> samples) {
    String[] parts = line.split(" ");
    String other = source.pick(samples).line().split(" ")[0];
    String target = source.changed(List.of(parts[1])).replaceAll("[^!-~]", "%E2%82%AC");
    String path = "/" + target.replaceFirst("^/+", "");
    return (source.chance(20) ? other : parts[0])
        + " "
        + (isUri(path) ? path : parts[1])
        + " HTTP/1.1";
  }

  private static boolean isUri(String text) {
    try {
      return !new URI(text).getRawPath().isEmpty();
    } catch (URISyntaxException e) {
      // The JDK's server refuses it, and does not wait until the answer has arrived.
      return false;
    }
  }

  private static String onOneLine(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static byte[] body(Source source, RawRequest sample) {
    String text = sample.text();
    if (text.isEmpty()) {
      return source.chance(20) ? source.bytes(64) : sample.body();
    }
    if (source.chance(10)) {
      return source.changedBytes(List.of(sample.body()));
    }
    String changed =
        text.startsWith("{") ? ChangedJson.of(source, List.of(text)) : ChangedForm.of(source, text);
    return changed.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    Simulated now = running;
    running = null;
    if (now != null) {
      now.close();
    }
  }
}
