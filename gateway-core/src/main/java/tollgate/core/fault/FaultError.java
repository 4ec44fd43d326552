package tollgate.core.fault;

import static java.util.Objects.requireNonNull;

/**
 * One of the things that are wrong with a message. Immutable. Place and detail may reach the
 * caller, and name nothing that it did not send or the API does not publish.
 */
public record FaultError(Place place, String detail) {
  public FaultError {
    requireNonNull(place, "place");
    requireNonNull(detail, "detail");
  }

  /** Where something is wrong. Its text is for people. */
  public sealed interface Place {
    /**
     * In a JSON document.
     *
     * @param pointer a JSON Pointer (RFC 6901); empty for the whole
     */
    record Pointer(String pointer) implements Place {
      @Override
      public String toString() {
        return pointer.isEmpty() ? "the whole" : pointer;
      }
    }

    /**
     * In an XML document.
     *
     * @param path an XPath, with positions
     */
    record Path(String path) implements Place {
      @Override
      public String toString() {
        return path;
      }
    }

    /**
     * In a head.
     *
     * @param in {@code path}, {@code query}, {@code header}, {@code cookie}; {@code status} of a
     *     response
     * @param name empty for all of them together
     * @param pointer into its value; empty for the whole
     */
    record Parameter(String in, String name, String pointer) implements Place {
      @Override
      public String toString() {
        String all =
            name.isEmpty() ? in : in + (in.equals("header") ? " field " : " parameter ") + name;
        return pointer.isEmpty() ? all : all + " " + pointer;
      }
    }
  }
}
