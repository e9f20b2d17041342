/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes TLS sockets to servers whose certificates come from given roots, and from no other. The
 * JDBC driver makes one by its name, which is in {@link ConnectionDetails#jdbcUrl()} where the
 * roots are no file; nothing else needs it.
 */
public final class TrustedRootsFactory extends SSLSocketFactory {
  private static final String SEPARATOR = ".";

  private final SSLSocketFactory sockets;

  /**
   * Called by the driver.
   *
   * @param roots certificates in DER, each in the URL's form of base64, with full stops between
   * @throws GeneralSecurityException when they are none
   */
  public TrustedRootsFactory(String roots) throws GeneralSecurityException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (Certificate root : read(roots)) {
      anchors.add(new TrustAnchor((X509Certificate) root, null));
    }
    // Not a key store of certificates: a JVM that keeps to FIPS has none to make.
    PKIXBuilderParameters path = new PKIXBuilderParameters(anchors, new X509CertSelector());
    path.setRevocationEnabled(Boolean.getBoolean("com.sun.net.ssl.checkRevocation"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(path));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    sockets = context.getSocketFactory();
  }

  /** What the constructor takes, of the certificates in a text; text beside them is left out. */
  static String argument(String pem) throws CertificateException {
    List<String> roots = new ArrayList<>();
    for (Certificate root :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
      roots.add(Base64.getUrlEncoder().withoutPadding().encodeToString(root.getEncoded()));
    }
    if (roots.isEmpty()) {
      throw new CertificateException("There is no certificate in it");
    }
    return String.join(SEPARATOR, roots);
  }

  private static List<Certificate> read(String argument) throws CertificateException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    List<Certificate> roots = new ArrayList<>();
    for (String root : argument.split("\\.", -1)) {
      try {
        roots.add(
            certificates.generateCertificate(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(root))));
      } catch (IllegalArgumentException e) {
        throw new CertificateException("A root certificate is not in base64", e);
      }
    }
    return roots;
  }

  /** Throws when the constructor would. */
  static void check(String argument) throws CertificateException {
    read(argument);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return sockets.createSocket();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return sockets.createSocket(socket, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return sockets.createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return sockets.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return sockets.createSocket(address, port, localAddress, localPort);
  }
}
