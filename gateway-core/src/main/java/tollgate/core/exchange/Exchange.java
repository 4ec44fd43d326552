package tollgate.core.exchange;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.ForwardedFacts;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.message.MessageFormats;
import tollgate.core.port.Loop;

/**
 * One request and its response, as handlers see them. Knows no protocol version. Event loop only:
 * that of {@link #loop}.
 *
 * <p>{@link #request} is what was received with the edits so far; {@code request().received()}
 * never changes.
 */
public interface Exchange {
  ClientConnection connection();

  /**
   * The caller: the connection's peer, or what a trusted proxy says of it. Set in the LISTENER
   * stage.
   */
  InetAddress clientAddress();

  void clientAddress(InetAddress address);

  /**
   * What the client sees: {@code http} or {@code https}, its host; by the connection, or as a
   * trusted proxy says.
   */
  ForwardedFacts forwarded();

  void forwarded(ForwardedFacts facts);

  RequestHead request();

  /** Null until there is one; from then on the response as it will be sent. */
  @Nullable ResponseHead response();

  /** Null until there is a response. */
  @Nullable ResponseOrigin responseOrigin();

  /** {@link RouteHandle#NONE} before the match and where no API owns the path. */
  RouteHandle route();

  /**
   * Values of the path template's parameters in its order, percent-encoded; empty where there are
   * none.
   */
  List<String> captures();

  /** Whether this is a CORS preflight for {@link #route}. */
  boolean isPreflight();

  /** The try that is being made; null outside the UPSTREAM stage. */
  @Nullable Attempt attempt();

  /** The formats that bodies of this API are built and written in. */
  MessageFormats formats();

  Loop loop();

  /** When the head was complete, by the loop's ticker. */
  long startNanos();

  <T> @Nullable T get(Key<T> key);

  <T> void set(Key<T> key, T value);

  /** For log and trace; empty until the LISTENER stage has set it. */
  String requestId();

  void requestId(String requestId);
}
