package tollgate.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A TLS connection whose handshake is over. One thread. */
public final class TlsClient implements AutoCloseable {
  private final SSLSocket socket;
  private final RawClient client;

  private TlsClient(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.client = RawClient.over(socket);
  }

  /**
   * @param serverName sent as SNI; null for none
   * @param protocols such as TLSv1.2; none for those of the platform
   */
  public static TlsClient connect(
      SSLContext context, int port, @Nullable String serverName, String... protocols)
      throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setSoTimeout(20_000);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    parameters.setServerNames(
        serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new TlsClient(socket);
  }

  public RawClient client() {
    return client;
  }

  /** A GET for that host. */
  public Response get(String host, String target) throws IOException {
    return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
  }

  public X509Certificate serverCertificate() throws SSLPeerUnverifiedException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  public SSLSession session() {
    return socket.getSession();
  }

  public SSLSocket socket() {
    return socket;
  }

  public String applicationProtocol() {
    return socket.getApplicationProtocol();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
