package tollgate.core.websocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate (RFC 7692) as the gateway lets it be agreed on: never with a context that is
 * taken over from one message to the next, in neither direction. So the gateway can look into each
 * message without keeping 32 KiB of what came before for every WebSocket there is. Immutable.
 */
final class Deflate {
  private static final String NAME = "permessage-deflate";
  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";

  private final String offer;
  private final boolean isClientWindowOffered;

  private Deflate(String offer, boolean isClientWindowOffered) {
    this.offer = offer;
    this.isClientWindowOffered = isClientWindowOffered;
  }

  /** The first offer of it that is valid; null if there is none. */
  static @Nullable Deflate firstIn(List<String> lines) {
    for (String line : lines) {
      for (String element : line.split(",", -1)) {
        Deflate found = parse(element);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** What the backend is offered. */
  String offer() {
    return offer;
  }

  /**
   * What the client is told.
   *
   * @param lines the backend's answer
   * @return null if it is no answer to {@link #offer}
   */
  @Nullable String agreed(List<String> lines) {
    if (lines.size() != 1) {
      return null;
    }
    List<Parameter> parameters = parameters(lines.getFirst());
    if (parameters == null) {
      return null;
    }
    StringBuilder told =
        new StringBuilder(NAME + "; " + SERVER_NO_CONTEXT + "; " + CLIENT_NO_CONTEXT);
    boolean isContextKept = true;
    for (Parameter parameter : parameters) {
      switch (parameter.name()) {
        // RFC 7692 7.1.1.1: who accepts the offer says so.
        case SERVER_NO_CONTEXT -> isContextKept = false;
        case CLIENT_NO_CONTEXT -> {}
        case CLIENT_WINDOW -> {
          // RFC 7692 7.1.2.2: only if the client said that it knows it, and with a value.
          if (!isClientWindowOffered || parameter.value() == null) {
            return null;
          }
          told.append("; ").append(parameter);
        }
        default -> told.append("; ").append(parameter);
      }
    }
    return isContextKept ? null : told.toString();
  }

  private static @Nullable Deflate parse(String element) {
    List<Parameter> parameters = parameters(element);
    if (parameters == null) {
      return null;
    }
    StringBuilder offer =
        new StringBuilder(NAME + "; " + SERVER_NO_CONTEXT + "; " + CLIENT_NO_CONTEXT);
    boolean isClientWindowOffered = false;
    for (Parameter parameter : parameters) {
      isClientWindowOffered |= parameter.name().equals(CLIENT_WINDOW);
      if (!parameter.name().equals(SERVER_NO_CONTEXT)
          && !parameter.name().equals(CLIENT_NO_CONTEXT)) {
        offer.append("; ").append(parameter);
      }
    }
    return new Deflate(offer.toString(), isClientWindowOffered);
  }

  /** RFC 7692 7.1: null if it is another extension, or one of them is not known, wrong or twice. */
  private static @Nullable List<Parameter> parameters(String element) {
    String[] parts = element.split(";", -1);
    if (!parts[0].strip().equals(NAME)) {
      return null;
    }
    Set<String> seen = new HashSet<>();
    List<Parameter> parameters = new ArrayList<>(4);
    for (int i = 1; i < parts.length; i++) {
      Parameter parameter = Parameter.parse(parts[i]);
      if (parameter == null || !seen.add(parameter.name())) {
        return null;
      }
      parameters.add(parameter);
    }
    return parameters;
  }

  /**
   * One parameter.
   *
   * @param value 8 to 15; null if there is none
   */
  private record Parameter(String name, @Nullable String value) {
    static @Nullable Parameter parse(String part) {
      int mark = part.indexOf('=');
      String name = (mark < 0 ? part : part.substring(0, mark)).strip();
      String value = mark < 0 ? null : unquoted(part.substring(mark + 1).strip());
      boolean isValid =
          switch (name) {
            case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> mark < 0;
            case SERVER_WINDOW -> isWindow(value);
            case CLIENT_WINDOW -> mark < 0 || isWindow(value);
            default -> false;
          };
      return isValid ? new Parameter(name, value) : null;
    }

    private static String unquoted(String value) {
      boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
      return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /** RFC 7692 7.1.2: 8 to 15 without leading zeros. */
    private static boolean isWindow(@Nullable String value) {
      return value != null && value.matches("[89]|1[0-5]");
    }

    @Override
    public String toString() {
      return value == null ? name : name + "=" + value;
    }
  }
}
