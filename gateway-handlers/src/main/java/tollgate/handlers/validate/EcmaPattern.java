package tollgate.handlers.validate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a schema. Immutable; any thread.
 *
 * <p>RE2 matches it, in time that grows with the text and not beyond, where the expression allows;
 * else {@code java.util.regex} does, which tries one way after the other and is stopped after so
 * many steps. What cannot be decided within its bound is never taken for decided: see {@link
 * UndecidedError}.
 */
final class EcmaPattern implements RegularExpression {
  /** Characters looked at by an expression that is matched by trying: some 5 ms. */
  static final int MAX_STEPS = 500_000;

  /** Length of the text times size of the expression, for RE2. */
  private static final long MAX_WORK = 8_000_000;

  private final @Nullable Pattern linear;
  private final java.util.regex.@Nullable Pattern trying;
  private final int size;

  private EcmaPattern(
      @Nullable Pattern linear, java.util.regex.@Nullable Pattern trying, int size) {
    this.linear = linear;
    this.trying = trying;
    this.size = size;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException if it is none, or too large; the message goes on from it
   */
  static EcmaPattern compile(String source) {
    PatternReader.Result read = PatternReader.read(source);
    if (read.isLinear()) {
      try {
        return new EcmaPattern(Pattern.compile(read.re2()), null, read.size());
      } catch (PatternSyntaxException _) {
        // A script or a form that RE2 does not know: the other engine may.
      }
    }
    try {
      return new EcmaPattern(null, java.util.regex.Pattern.compile(read.java()), read.size());
    } catch (java.util.regex.PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is no regular expression that can be matched: " + e.getDescription(), e);
    }
  }

  /** Whether it is matched in linear time. */
  boolean isLinear() {
    return linear != null;
  }

  /**
   * Whether it is found anywhere in a text.
   *
   * @throws UndecidedError if that would take too long
   */
  @Override
  public boolean matches(String text) {
    Pattern re2 = linear;
    if (re2 != null) {
      if ((long) text.length() * size > MAX_WORK) {
        throw new UndecidedError();
      }
      return re2.matcher(text).find();
    }
    java.util.regex.Pattern other = trying;
    try {
      return other != null && other.matcher(new CountedText(text)).find();
    } catch (StackOverflowError _) { // the engine recurses with the text
      throw new UndecidedError();
    }
  }

  /** A text that may be looked at only so often. */
  private static final class CountedText implements CharSequence {
    private final String text;
    private int steps;

    CountedText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS) {
        throw new UndecidedError();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
