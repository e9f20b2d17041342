/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.http.ProxyOptions;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of Azure's configuration: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code NO_PROXY}.
 */
final class ConfiguredProxy extends ProxySelector {
  private final ProxyOptions options;
  private final @Nullable Pattern without;

  private ConfiguredProxy(ProxyOptions options) {
    this.options = options;
    String hosts = options.getNonProxyHosts();
    this.without =
        hosts == null || hosts.isEmpty() ? null : Pattern.compile(hosts, Pattern.CASE_INSENSITIVE);
  }

  static ConfiguredProxy of(ProxyOptions options) {
    return new ConfiguredProxy(options);
  }

  void use(HttpClient.Builder builder) {
    builder.proxy(this);
    String user = options.getUsername();
    String password = options.getPassword();
    if (user != null && password != null) {
      builder.authenticator(
          new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
              // A server that asks for a password is none of those that get this one.
              return getRequestorType() == RequestorType.PROXY
                  ? new PasswordAuthentication(user, password.toCharArray())
                  : null;
            }
          });
    }
  }

  @Override
  public List<Proxy> select(URI uri) {
    if (without != null && without.matcher(uri.getHost()).matches()) {
      return List.of(Proxy.NO_PROXY);
    }
    InetSocketAddress address = options.getAddress();
    // The client looks the name up for each connection, since the address of a proxy may change,
    // and
    // on a thread of its own: close() waits for who asks here.
    return List.of(
        new Proxy(
            Proxy.Type.HTTP,
            InetSocketAddress.createUnresolved(address.getHostString(), address.getPort())));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // There is no other one to take: the request fails with it.
  }
}
