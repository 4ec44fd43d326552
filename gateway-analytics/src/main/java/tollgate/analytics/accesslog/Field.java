package tollgate.analytics.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The fields of a line in their order; {@code docs/reference/access-log.md} repeats the list. */
enum Field {
  TS("ts", '{'),
  REQUEST_ID("request_id"),
  TRACE_ID("trace_id"),
  SPAN_ID("span_id"),
  NODE("node"),
  CONFIG_GENERATION("config_generation"),
  LISTENER("listener"),
  CLIENT_IP("client_ip"),
  PEER_IP("peer_ip"),
  CLIENT_PORT("client_port"),
  PROTOCOL("protocol"),
  TLS_VERSION("tls.version"),
  TLS_CIPHER("tls.cipher"),
  TLS_SNI("tls.sni"),
  TLS_CLIENT_SUBJECT("tls.client_subject"),
  METHOD("method"),
  SCHEME("scheme"),
  HOST("host"),
  PATH("path"),
  API("api"),
  API_VERSION("api_version"),
  OPERATION("operation"),
  STATUS("status"),
  OUTCOME("outcome"),
  ERROR_CODE("error_code"),
  REQUEST_BYTES("request_bytes"),
  RESPONSE_BYTES("response_bytes"),
  DURATION_MS("duration_ms"),
  OVERHEAD_MS("overhead_ms"),
  UPSTREAM("upstream"),
  TARGET("target"),
  UPSTREAM_STATUS("upstream_status"),
  UPSTREAM_MS("upstream_ms"),
  CONNECT_MS("connect_ms"),
  TTFB_MS("ttfb_ms"),
  ATTEMPTS("attempts"),
  GRPC_STATUS("grpc.status"),
  WS_CLOSE_CODE("ws.close_code"),
  WS_CLOSED_BY("ws.closed_by"),
  WS_CLOSE_REASON("ws.close_reason"),
  USER_AGENT("user_agent"),
  REFERER("referer"),
  CONTENT_TYPE("content_type");

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final byte[] key;

  Field(String word) {
    this(word, ',');
  }

  Field(String word, char before) {
    this.word = word;
    this.key = (before + "\"" + word + "\":").getBytes(US_ASCII);
  }

  String word() {
    return word;
  }

  /** With the quotes, the colon and what stands before. */
  byte[] key() {
    return key;
  }
}
