package tollgate.it.http2;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server on this machine, and how it is spoken to. Immutable.
 *
 * @param tls null for cleartext
 * @param authority of requests, and the name in the handshake
 * @param prefix of the paths that the origin behind it answers
 */
record Endpoint(int port, @Nullable SSLContext tls, String authority, String prefix) {
  private static final int PATIENCE_MILLIS = 10_000;

  boolean isTls() {
    return tls != null;
  }

  String scheme() {
    return isTls() ? "https" : "http";
  }

  /** A connection on which HTTP/2 is spoken: agreed on by TLS, or known beforehand. */
  Socket connect() throws IOException {
    return connect(0, "h2");
  }

  /**
   * @param receiveBufferBytes 0 for what is usual
   * @param protocols offered, in TLS
   */
  Socket connect(int receiveBufferBytes, String... protocols) throws IOException {
    Socket plain = new Socket();
    if (receiveBufferBytes > 0) {
      plain.setReceiveBufferSize(receiveBufferBytes);
    }
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    plain.setSoTimeout(PATIENCE_MILLIS);
    plain.setTcpNoDelay(true);
    return tls == null ? plain : secured(plain, tls, protocols);
  }

  private Socket secured(Socket plain, SSLContext context, String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, authority, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setServerNames(List.of(new SNIHostName(authority)));
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }
}
