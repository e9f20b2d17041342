/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request that got no answer may have done. */
class ConnectionFailuresTest {
  static Throwable[] withoutAConnection() {
    return new Throwable[] {
      new ConnectException("Connection refused"),
      new HttpConnectTimeoutException("HTTP connect timed out"),
      new NoRouteToHostException("No route to host"),
      new UnknownHostException("management.azure.com"),
      new SSLHandshakeException("certificate expired"),
      new IOException("failed", new ConnectException("Connection refused"))
    };
  }

  static Throwable[] afterItWasSent() {
    return new Throwable[] {
      new HttpTimeoutException("request timed out"),
      new SocketTimeoutException("Read timed out"),
      new SocketException("Connection reset"),
      new IOException("HTTP/1.1 header parser received no bytes"),
      new TimeoutException("No whole answer")
    };
  }

  private static CloudDbException meaning(Throwable failure) {
    RuntimeException thrown =
        failure instanceof IOException io
            ? new UncheckedIOException(io)
            : new IllegalStateException(failure);
    return new ArmErrors().translate(thrown).orElseThrow().toException();
  }

  @ParameterizedTest
  @MethodSource
  void withoutAConnection(Throwable failure) {
    CloudDbException e = meaning(failure);
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.retryable()).isTrue();
    assertThat(e.details().outcomeKnown()).isTrue();
  }

  @ParameterizedTest
  @MethodSource
  void afterItWasSent(Throwable failure) {
    CloudDbException e = meaning(failure);
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.details().outcomeKnown()).isFalse();
  }
}
