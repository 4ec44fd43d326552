package tollgate.config.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the keys of a shape while it is defined. One thread. */
public final class Keys {
  final List<Entry> entries = new ArrayList<>();
  final Map<String, String> removed = new LinkedHashMap<>();
  final List<Check> checks = new ArrayList<>();

  /**
   * One key of a shape.
   *
   * @param doc one sentence
   * @param absence what happens without it
   */
  record Entry(String name, ValueType<?> type, String doc, Absence absence) {}

  /** What the absence of a key means. */
  sealed interface Absence {
    /** A problem. */
    record Refused(String message) implements Absence {}

    /**
     * A default.
     *
     * @param json for the schema and the reference page; null when better left out
     */
    record Default(Object value, @Nullable Object json) implements Absence {}

    /** The same as an empty map: each inner key has its own default. */
    enum Section implements Absence {
      SECTION
    }

    /** Null; {@code meaning} says what that does. */
    record Nothing(String meaning) implements Absence {}
  }

  /** A rule over several keys; gives what is wrong, or null. */
  record Check(int index, Function<Fields, @Nullable String> rule, boolean isWarning) {}

  Keys() {}

  /** A key that must be there. */
  public <T> Key<T> required(String name, ValueType<T> type, String doc) {
    return required(name, type, doc, "is missing (expected: " + type.describe() + ")");
  }

  /**
   * A key that must be there, with words of its own for when it is not.
   *
   * @param whenMissing goes on from the key: {@code is missing: ...}
   */
  public <T> Key<T> required(String name, ValueType<T> type, String doc, String whenMissing) {
    return new Key<>(add(name, type, doc, new Absence.Refused(whenMissing)), name, type);
  }

  /** A key with a default. */
  public <T> Key<T> withDefault(String name, ValueType<T> type, T defaultValue, String doc) {
    var absence = new Absence.Default(defaultValue, type.json(defaultValue));
    return new Key<>(add(name, type, doc, absence), name, type);
  }

  /**
   * A key that may be absent.
   *
   * @param absent what its absence means, as in "no limit"
   */
  public <T> OptionalKey<T> optional(String name, ValueType<T> type, String doc, String absent) {
    return new OptionalKey<>(add(name, type, doc, new Absence.Nothing(absent)), name, type);
  }

  /** A map none of whose keys is required; absent is the same as empty. */
  public <T> Key<T> section(String name, Shape<T> type, String doc) {
    return new Key<>(add(name, type, doc, Absence.Section.SECTION), name, type);
  }

  /**
   * A key that is known only to say what replaces it, as in {@code "was removed: write
   * drain.timeout"}.
   */
  public void removed(String name, String message) {
    removed.put(name, message);
  }

  /**
   * A rule that looks at several values, after all of them were read without a problem.
   *
   * @param at the key whose place the problem gets
   * @param rule what is wrong, going on from the key, or null
   */
  public void check(Key<?> at, Function<Fields, @Nullable String> rule) {
    checks.add(new Check(at.index(), rule, false));
  }

  /** As the other {@code check}. */
  public void check(OptionalKey<?> at, Function<Fields, @Nullable String> rule) {
    checks.add(new Check(at.index(), rule, false));
  }

  /** As {@code check}, for what is allowed and yet unwise. */
  public void warn(Key<?> at, Function<Fields, @Nullable String> rule) {
    checks.add(new Check(at.index(), rule, true));
  }

  private int add(String name, ValueType<?> type, String doc, Absence absence) {
    entries.add(new Entry(name, type, doc, absence));
    return entries.size() - 1;
  }
}
