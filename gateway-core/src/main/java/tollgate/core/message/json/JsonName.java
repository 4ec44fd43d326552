package tollgate.core.message.json;

import org.jspecify.annotations.Nullable;

/** A member's name to look for, made ready once. Immutable. */
public final class JsonName {
  private final String name;
  private final byte[] bytes;

  private JsonName(String name) {
    this.name = name;
    this.bytes = JsonText.bytes(name);
  }

  /** Any string, the empty one too. */
  public static JsonName of(String name) {
    return new JsonName(name);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonName that && that.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
