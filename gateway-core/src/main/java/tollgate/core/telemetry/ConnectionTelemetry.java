package tollgate.core.telemetry;

/**
 * Is told of client connections, on the event loop that owns each; counts in what belongs to that
 * loop and never blocks.
 */
public interface ConnectionTelemetry {
  ConnectionTelemetry NONE =
      new ConnectionTelemetry() {
        @Override
        public void opened(int loop, String listener, ConnectionProtocol protocol) {}

        @Override
        public void agreed(
            int loop, String listener, ConnectionProtocol from, ConnectionProtocol protocol) {}

        @Override
        public void closed(
            int loop, String listener, ConnectionProtocol protocol, CloseReason reason) {}

        @Override
        public void handshake(int loop, String listener, HandshakeResult result, String version) {}
      };

  /** A connection was accepted; exactly one {@link #closed} follows. */
  void opened(int loop, String listener, ConnectionProtocol protocol);

  /** An open connection speaks another protocol from now on. */
  void agreed(int loop, String listener, ConnectionProtocol from, ConnectionProtocol protocol);

  /**
   * @param protocol what was spoken last
   */
  void closed(int loop, String listener, ConnectionProtocol protocol, CloseReason reason);

  /**
   * A TLS handshake is over.
   *
   * @param version e.g. {@code TLSv1.3}; {@code none} where none was agreed
   */
  void handshake(int loop, String listener, HandshakeResult result, String version);
}
