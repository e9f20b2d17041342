/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a vendor's client on this machine from a browser that a web page makes send something. Such
 * a request has an {@code Origin}, or its {@code Host} is a name of the page's own that has come to
 * mean this machine.
 */
final class LocalRequests {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final int PLAIN_PORT = 80;

  private final Set<String> hosts;

  LocalRequests(int port) {
    String suffix = port == PLAIN_PORT ? "" : ":" + port;
    this.hosts = Set.of("127.0.0.1" + suffix, "localhost" + suffix, "[::1]" + suffix);
  }

  /** What is wrong with a request by its head; empty when nothing is. */
  Optional<String> problem(String method, URI uri, Headers headers) {
    if (!METHODS.contains(method)) {
      return Optional.of("The method " + method + " is none of a cloud's API");
    }
    List<String> named = headers.getOrDefault("Host", List.of());
    if (named.size() != 1 || !hosts.contains(named.get(0)) || uri.isAbsolute()) {
      return Optional.of("This is " + hosts + " and stands in for nothing else");
    }
    boolean page =
        headers.keySet().stream()
            .anyMatch(name -> name.equalsIgnoreCase("Origin") || name.startsWith("Sec-fetch-"));
    return page ? Optional.of("Web pages have no access") : Optional.empty();
  }
}
