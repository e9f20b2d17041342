/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that looks, when it is connected and before it sends something, whether the cloud
 * was closed meanwhile. The JDK's own connects and sends in one.
 */
final class CheckedConnection extends HttpURLConnection {
  private final HttpURLConnection jdk;
  private final ClosableConnections owner;

  CheckedConnection(HttpURLConnection jdk, ClosableConnections owner) {
    super(jdk.getURL());
    this.jdk = jdk;
    this.owner = owner;
  }

  @Override
  public void connect() throws IOException {
    if (connected) {
      return;
    }
    try {
      jdk.connect();
    } catch (IOException e) {
      if (owner.isClosed()) {
        ConnectException refusal = ClosableConnections.nothingSent();
        refusal.initCause(e);
        throw refusal;
      }
      throw unconnected(e);
    }
    if (owner.isClosed()) {
      jdk.disconnect();
      throw ClosableConnections.nothingSent();
    }
    connected = true;
  }

  /**
   * Says that there was no connection, by a class that says it. A time limit, or an end in the
   * middle of a handshake, is told otherwise as it is when the request was sent already.
   */
  private static IOException unconnected(IOException e) {
    if (e instanceof ConnectException
        || e instanceof UnknownHostException
        || e instanceof NoRouteToHostException
        || e instanceof SSLHandshakeException) {
      return e;
    }
    ConnectException unconnected = new ConnectException("No connection was made: " + e);
    unconnected.initCause(e);
    return unconnected;
  }

  /** Connects, and sends only while the cloud is open. */
  private <T> T sending(Sending<T> sending) throws IOException {
    connect();
    if (owner.isClosed()) {
      // The JDK would connect once more.
      throw new SocketException("The cloud is closed");
    }
    try {
      return sending.send();
    } catch (NullPointerException e) {
      // The JDK's, when another thread disconnects it.
      if (owner.isClosed()) {
        throw new IOException("The cloud was closed while a request was sent", e);
      }
      throw e;
    }
  }

  @FunctionalInterface
  private interface Sending<T> {
    T send() throws IOException;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return sending(jdk::getOutputStream);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return sending(jdk::getInputStream);
  }

  @Override
  public int getResponseCode() throws IOException {
    return sending(jdk::getResponseCode);
  }

  @Override
  public String getResponseMessage() throws IOException {
    return sending(jdk::getResponseMessage);
  }

  // What follows sends nothing once there is an answer, and Google's client asks no sooner.

  @Override
  public @Nullable InputStream getErrorStream() {
    return jdk.getErrorStream();
  }

  @Override
  public @Nullable String getHeaderField(String name) {
    return jdk.getHeaderField(name);
  }

  @Override
  public @Nullable String getHeaderField(int n) {
    return jdk.getHeaderField(n);
  }

  @Override
  public @Nullable String getHeaderFieldKey(int n) {
    return jdk.getHeaderFieldKey(n);
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return jdk.getHeaderFields();
  }

  @Override
  public void disconnect() {
    jdk.disconnect();
  }

  @Override
  public boolean usingProxy() {
    return jdk.usingProxy();
  }

  @Override
  public void setRequestMethod(String name) throws ProtocolException {
    jdk.setRequestMethod(name);
  }

  @Override
  public String getRequestMethod() {
    return jdk.getRequestMethod();
  }

  @Override
  public void setRequestProperty(String key, String value) {
    jdk.setRequestProperty(key, value);
  }

  @Override
  public void addRequestProperty(String key, String value) {
    jdk.addRequestProperty(key, value);
  }

  @Override
  public @Nullable String getRequestProperty(String key) {
    return jdk.getRequestProperty(key);
  }

  @Override
  public Map<String, List<String>> getRequestProperties() {
    return jdk.getRequestProperties();
  }

  @Override
  public void setConnectTimeout(int timeout) {
    jdk.setConnectTimeout(timeout);
  }

  @Override
  public int getConnectTimeout() {
    return jdk.getConnectTimeout();
  }

  @Override
  public void setReadTimeout(int timeout) {
    jdk.setReadTimeout(timeout);
  }

  @Override
  public int getReadTimeout() {
    return jdk.getReadTimeout();
  }

  @Override
  public void setDoInput(boolean value) {
    jdk.setDoInput(value);
  }

  @Override
  public void setDoOutput(boolean value) {
    jdk.setDoOutput(value);
  }

  @Override
  public boolean getDoOutput() {
    return jdk.getDoOutput();
  }

  @Override
  public void setUseCaches(boolean value) {
    jdk.setUseCaches(value);
  }

  @Override
  public void setAllowUserInteraction(boolean value) {
    jdk.setAllowUserInteraction(value);
  }

  @Override
  public void setIfModifiedSince(long since) {
    jdk.setIfModifiedSince(since);
  }

  @Override
  public void setInstanceFollowRedirects(boolean follow) {
    jdk.setInstanceFollowRedirects(follow);
  }

  @Override
  public boolean getInstanceFollowRedirects() {
    return jdk.getInstanceFollowRedirects();
  }

  @Override
  public void setFixedLengthStreamingMode(int length) {
    jdk.setFixedLengthStreamingMode(length);
  }

  @Override
  public void setFixedLengthStreamingMode(long length) {
    jdk.setFixedLengthStreamingMode(length);
  }

  @Override
  public void setChunkedStreamingMode(int length) {
    jdk.setChunkedStreamingMode(length);
  }
}
