package tollgate.config.text;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands in one configuration again and again, kept once: ten thousand APIs name the same
 * versions, upstreams, methods and path templates. It lives as long as one read. Any thread.
 */
public final class Repeats {
  /** Longer texts hardly ever occur twice. */
  private static final int MAX_LENGTH = 64;

  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final Map<Read, Object> values = new ConcurrentHashMap<>();

  /** A text read as one type. */
  private record Read(Object type, String text) {}

  public Repeats() {}

  /** The first text that was equal to this one. */
  public String text(String text) {
    if (text.length() > MAX_LENGTH) {
      return text;
    }
    String first = texts.putIfAbsent(text, text);
    return first == null ? text : first;
  }

  /**
   * The value that this text was read into before, or what {@code reader} gives, which is kept.
   *
   * @param type compared by identity
   * @param <T> immutable
   */
  @SuppressWarnings("unchecked") // a type always reads into the same class
  public <T> T value(Object type, String text, Supplier<T> reader) {
    if (text.length() > MAX_LENGTH) {
      return reader.get();
    }
    Read read = new Read(type, text);
    @Nullable Object known = values.get(read);
    if (known != null) {
      return (T) known;
    }
    T value = reader.get();
    values.put(read, value);
    return value;
  }
}
