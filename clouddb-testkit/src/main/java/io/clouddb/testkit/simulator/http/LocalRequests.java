/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a vendor's client on this machine from a browser that a web page makes send something. Such
 * a request has an {@code Origin}, or its {@code Host} is a name of the page's own that has come to
 * mean this machine.
 */
final class LocalRequests {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  /** On any port: a test may have a relay of its own between client and simulator. */
  private static final Pattern HOST =
      Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?");

  private LocalRequests() {}

  /** What is wrong with a request by its head; empty when nothing is. */
  static Optional<String> problem(String method, URI uri, Headers headers) {
    if (!METHODS.contains(method)) {
      return Optional.of("The method " + method + " is none of a cloud's API");
    }
    List<String> named = headers.getOrDefault("Host", List.of());
    if (named.size() != 1 || !HOST.matcher(named.get(0)).matches() || uri.isAbsolute()) {
      return Optional.of("This is for names of this machine's loopback only");
    }
    boolean page =
        headers.keySet().stream()
            .anyMatch(name -> name.equalsIgnoreCase("Origin") || name.startsWith("Sec-fetch-"));
    return page ? Optional.of("Web pages have no access") : Optional.empty();
  }
}
