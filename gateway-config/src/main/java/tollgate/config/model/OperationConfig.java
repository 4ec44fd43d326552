package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One operation of an API. Immutable.
 *
 * @param id unique in its API; the {@code operation} of logs and metrics
 * @param match of a gRPC operation the one that its name means
 * @param stream what its responses are
 * @param websocket what holds for its WebSockets; null unless {@code stream} is {@link
 *     Stream#WEBSOCKET}
 * @param grpc null where it is no gRPC service or method
 * @param validate what it says itself; what it leaves open is as the API says
 * @param convert in the place of what the API says; null for that
 * @param soap null unless its backend speaks SOAP and its callers JSON
 * @param rest null unless its callers speak SOAP and its backend JSON
 */
public record OperationConfig(
    String id,
    OperationMatch match,
    Timeout timeout,
    Stream stream,
    @Nullable WebSocketConfig websocket,
    @Nullable GrpcConfig grpc,
    ValidateConfig validate,
    @Nullable ConvertConfig convert,
    @Nullable SoapConfig soap,
    @Nullable RestConfig rest) {
  public static final Stream DEFAULT_STREAM = Stream.NONE;

  public static final Timeout DEFAULT_TIMEOUT = Timeout.Inherited.INHERITED;

  /** How long the response head may take. */
  public sealed interface Timeout {
    /** As long as the upstream says. */
    enum Inherited implements Timeout {
      INHERITED
    }

    /** As long as it likes. */
    enum None implements Timeout {
      NONE
    }

    /** This long, whatever the upstream says. */
    record After(Duration duration) implements Timeout {
      public After {
        requireNonNull(duration, "duration");
      }
    }
  }

  /** Whether responses go on for as long as both sides like. */
  public enum Stream {
    NONE("none"),
    /** Server-sent events. */
    SSE("sse"),
    /** WebSockets may be opened. */
    WEBSOCKET("websocket"),
    /** Calls of gRPC in which either side may send messages for as long as it likes. */
    GRPC("grpc");

    private final String word;

    Stream(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  public OperationConfig {
    requireNonNull(id, "id");
    requireNonNull(match, "match");
    requireNonNull(timeout, "timeout");
    requireNonNull(stream, "stream");
    requireNonNull(validate, "validate");
    if ((websocket != null) != (stream == Stream.WEBSOCKET)) {
      throw new IllegalArgumentException(
          "websocket: " + websocket + " (expected: with stream: websocket, and only then)");
    }
  }

  /** With the default rules for WebSockets, if it has any; no gRPC service or method. */
  public OperationConfig(String id, OperationMatch match, Timeout timeout, Stream stream) {
    this(
        id,
        match,
        timeout,
        stream,
        stream == Stream.WEBSOCKET ? WebSocketConfig.DEFAULTS : null,
        null,
        ValidateConfig.NONE,
        null);
  }

  /** One that neither makes SOAP of JSON nor JSON of SOAP. */
  public OperationConfig(
      String id,
      OperationMatch match,
      Timeout timeout,
      Stream stream,
      @Nullable WebSocketConfig websocket,
      @Nullable GrpcConfig grpc,
      ValidateConfig validate,
      @Nullable ConvertConfig convert) {
    this(id, match, timeout, stream, websocket, grpc, validate, convert, null, null);
  }

  /** The same, where no message is checked. */
  OperationConfig withoutValidation() {
    return new OperationConfig(
        id, match, timeout, stream, websocket, grpc, ValidateConfig.NONE, convert, soap, rest);
  }
}
