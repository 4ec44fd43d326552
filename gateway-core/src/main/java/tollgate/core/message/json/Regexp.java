package tollgate.core.message.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A pattern as RFC 9485 (I-Regexp) has them, run as all its states at once: time is at most
 * characters times states, whatever the pattern. Immutable; any thread.
 *
 * <p>Beyond that RFC, {@code ^} and {@code $} stand for the begin and the end of the text, as other
 * patterns have them and as the compliance suite of JSONPath expects.
 *
 * <p>A pattern that is none, or needs more than {@value #MAX_STATES} states, matches nothing, as
 * RFC 9535 section 2.4.6 wants it.
 *
 * <p>More than 400 lines in one class: parser and matcher share one form of states.
 */
final class Regexp {
  private static final int MAX_STATES = 4096;
  private static final int MAX_WORK = 16 * MAX_STATES;
  private static final int MAX_NESTING = 64;

  /** What a state does: goes on over a character, or without one in two ways or at a place. */
  private record State(@Nullable IntPredicate takes, Place place, int next, int other) {
    State(@Nullable IntPredicate takes, int next, int other) {
      this(takes, Place.ANY, next, other);
    }
  }

  /** Where a state without a character may be gone through. */
  private enum Place {
    ANY,
    BEGIN,
    END
  }

  private static final int ACCEPT = -1;

  private final List<State> states;
  private final int start;

  private Regexp(List<State> states, int start) {
    this.states = states;
    this.start = start;
  }

  static Regexp compile(String pattern) {
    Compiler compiler = new Compiler(pattern);
    try {
      Piece whole = compiler.readBranches(0);
      if (compiler.at < pattern.length()) {
        throw new BrokenPattern();
      }
      int start = compiler.emit(whole, ACCEPT);
      return new Regexp(compiler.states, start);
    } catch (BrokenPattern e) {
      return new Regexp(List.of(new State(_ -> false, ACCEPT, ACCEPT)), 0);
    }
  }

  /** Whether the whole text matches; tells how many states were looked at. */
  boolean matches(String text, IntConsumer steps) {
    return run(text, true, steps);
  }

  /** Whether some part of the text matches. */
  boolean isFoundIn(String text, IntConsumer steps) {
    return run(text, false, steps);
  }

  private boolean run(String text, boolean isWhole, IntConsumer steps) {
    Threads now = new Threads(states.size());
    Threads then = new Threads(states.size());
    boolean hasMatched = now.add(this, start, true, text.isEmpty());
    for (int i = 0; i < text.length(); ) {
      if (hasMatched && !isWhole) {
        return true;
      }
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      steps.accept(1 + now.size);
      then.clear();
      hasMatched = false;
      for (int t = 0; t < now.size; t++) {
        State state = states.get(now.list[t]);
        if (state.takes != null && state.takes.test(point)) {
          hasMatched |= then.add(this, state.next, false, i == text.length());
        }
      }
      if (!isWhole) {
        hasMatched |= then.add(this, start, false, i == text.length());
      }
      Threads swap = now;
      now = then;
      then = swap;
    }
    return hasMatched;
  }

  /** A set of states that is emptied in no time. */
  private static final class Threads {
    private final int[] list;
    private final int[] seen;
    private final int[] pending;
    private int round = 1;
    private int size;

    Threads(int states) {
      list = new int[states];
      seen = new int[states];
      pending = new int[2 * states + 1];
    }

    void clear() {
      size = 0;
      round++;
    }

    /** Adds a state and those it reaches without a character; whether one of them has matched. */
    boolean add(Regexp regexp, int first, boolean isBegin, boolean isEnd) {
      boolean hasMatched = false;
      int count = 0;
      pending[count++] = first;
      while (count > 0) {
        int state = pending[--count];
        if (state == ACCEPT) {
          hasMatched = true;
        } else if (seen[state] != round) {
          seen[state] = round;
          State found = regexp.states.get(state);
          if (found.takes != null) {
            list[size++] = state;
          } else if (found.place == Place.ANY) {
            pending[count++] = found.other;
            pending[count++] = found.next;
          } else if (found.place == Place.BEGIN ? isBegin : isEnd) {
            pending[count++] = found.next;
          }
        }
      }
      return hasMatched;
    }
  }

  private sealed interface Piece {
    record One(IntPredicate takes) implements Piece {}

    record At(Place place) implements Piece {}

    record All(List<Piece> pieces) implements Piece {}

    record Any(List<Piece> pieces) implements Piece {}

    /**
     * @param most -1 for no end
     */
    record Repeat(Piece piece, int least, int most) implements Piece {}
  }

  private static final class BrokenPattern extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenPattern() {
      super(null, null, false, false);
    }
  }

  /** Reads the grammar of RFC 9485 section 3, then lays out states from behind. */
  private static final class Compiler {
    private final String pattern;
    private final List<State> states = new ArrayList<>();
    private int at;

    /** Pieces laid out, also those that need no state. */
    private int work;

    Compiler(String pattern) {
      this.pattern = pattern;
    }

    Piece readBranches(int nesting) throws BrokenPattern {
      if (nesting > MAX_NESTING) {
        throw new BrokenPattern();
      }
      List<Piece> branches = new ArrayList<>();
      branches.add(readBranch(nesting));
      while (peek() == '|') {
        at++;
        branches.add(readBranch(nesting));
      }
      return branches.size() == 1 ? branches.getFirst() : new Piece.Any(branches);
    }

    private Piece readBranch(int nesting) throws BrokenPattern {
      List<Piece> pieces = new ArrayList<>();
      while (at < pattern.length() && peek() != '|' && peek() != ')') {
        pieces.add(readQuantity(readAtom(nesting)));
      }
      return new Piece.All(pieces);
    }

    private Piece readAtom(int nesting) throws BrokenPattern {
      int point = next();
      return switch (point) {
        case '(' -> {
          Piece inner = readBranches(nesting + 1);
          take(')');
          yield inner;
        }
        case '^' -> new Piece.At(Place.BEGIN);
        case '$' -> new Piece.At(Place.END);
        case '.' -> new Piece.One(c -> c != '\n' && c != '\r');
        case '[' -> new Piece.One(readClass());
        case '\\' -> new Piece.One(readEscape());
        case '*', '+', '?', '{', '}', ']', ')', '|' -> throw new BrokenPattern();
        default -> new Piece.One(c -> c == point);
      };
    }

    private Piece readQuantity(Piece piece) throws BrokenPattern {
      return switch (peek()) {
        case '*' -> repeat(piece, 0, -1);
        case '+' -> repeat(piece, 1, -1);
        case '?' -> repeat(piece, 0, 1);
        case '{' -> readCounts(piece);
        default -> piece;
      };
    }

    private Piece repeat(Piece piece, int least, int most) {
      at++;
      return new Piece.Repeat(piece, least, most);
    }

    private Piece readCounts(Piece piece) throws BrokenPattern {
      at++;
      int least = readNumber();
      int most = least;
      if (peek() == ',') {
        at++;
        most = peek() == '}' ? -1 : readNumber();
      }
      take('}');
      if (most >= 0 && most < least) {
        throw new BrokenPattern();
      }
      return new Piece.Repeat(piece, least, most);
    }

    private int readNumber() throws BrokenPattern {
      int from = at;
      while (peek() >= '0' && peek() <= '9') {
        at++;
      }
      if (at == from || at - from > 4) { // more repeats than states there may be
        throw new BrokenPattern();
      }
      return Integer.parseInt(pattern, from, at, 10);
    }

    /** Behind the backslash. */
    private IntPredicate readEscape() throws BrokenPattern {
      int point = next();
      if (point == 'p' || point == 'P') {
        IntPredicate category = readCategory();
        return point == 'p' ? category : category.negate();
      }
      int character = escaped(point);
      return c -> c == character;
    }

    private static int escaped(int point) throws BrokenPattern {
      return switch (point) {
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case '(', ')', '*', '+', '-', '.', '?', '[', '\\', ']', '^', '{', '|', '}' -> point;
        default -> throw new BrokenPattern();
      };
    }

    private IntPredicate readCategory() throws BrokenPattern {
      take('{');
      int end = pattern.indexOf('}', at);
      if (end < 0) {
        throw new BrokenPattern();
      }
      String name = pattern.substring(at, end);
      at = end + 1;
      boolean[] types = types(name);
      return c -> types[Character.getType(c)];
    }

    /** Behind the bracket. */
    private IntPredicate readClass() throws BrokenPattern {
      boolean isNegated = peek() == '^';
      if (isNegated) {
        at++;
      }
      List<IntPredicate> any = new ArrayList<>();
      if (peek() == '-') {
        at++;
        any.add(c -> c == '-');
      }
      while (peek() != ']') {
        if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) == ']') {
          at++;
          any.add(c -> c == '-');
        } else {
          any.add(readRange());
        }
      }
      at++;
      if (any.isEmpty()) {
        throw new BrokenPattern();
      }
      IntPredicate one =
          c -> {
            for (IntPredicate each : any) {
              if (each.test(c)) {
                return true;
              }
            }
            return false;
          };
      return isNegated ? one.negate() : one;
    }

    private IntPredicate readRange() throws BrokenPattern {
      if (pattern.startsWith("\\p", at) || pattern.startsWith("\\P", at)) {
        at++;
        return readEscape();
      }
      int from = readClassCharacter();
      boolean isRange = peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
      if (!isRange) {
        return c -> c == from;
      }
      at++;
      int to = readClassCharacter();
      if (to < from) {
        throw new BrokenPattern();
      }
      return c -> c >= from && c <= to;
    }

    private int readClassCharacter() throws BrokenPattern {
      int point = next();
      if (point == '\\') {
        return escaped(next());
      }
      if (point == '[' || point == ']' || point == '-') {
        throw new BrokenPattern();
      }
      return point;
    }

    /** Lays out a piece before the state {@code next}; gives the state it begins with. */
    int emit(Piece piece, int next) throws BrokenPattern {
      if (++work > MAX_WORK) {
        throw new BrokenPattern();
      }
      return switch (piece) {
        case Piece.One one -> add(new State(one.takes(), next, ACCEPT));
        case Piece.At at -> add(new State(null, at.place(), next, ACCEPT));
        case Piece.All all -> {
          int first = next;
          for (int i = all.pieces().size() - 1; i >= 0; i--) {
            first = emit(all.pieces().get(i), first);
          }
          yield first;
        }
        case Piece.Any any -> {
          int first = emit(any.pieces().getLast(), next);
          for (int i = any.pieces().size() - 2; i >= 0; i--) {
            first = add(new State(null, emit(any.pieces().get(i), next), first));
          }
          yield first;
        }
        case Piece.Repeat repeat -> emitRepeat(repeat, next);
      };
    }

    private int emitRepeat(Piece.Repeat repeat, int next) throws BrokenPattern {
      int first = next;
      if (repeat.most() < 0) {
        int loop = add(new State(null, next, next)); // its way into the piece is known below
        int body = emit(repeat.piece(), loop);
        states.set(loop, new State(null, body, next));
        first = loop;
      } else {
        for (int i = repeat.least(); i < repeat.most(); i++) {
          first = add(new State(null, emit(repeat.piece(), first), next));
        }
      }
      for (int i = 0; i < repeat.least(); i++) {
        first = emit(repeat.piece(), first);
      }
      return first;
    }

    private int add(State state) throws BrokenPattern {
      if (states.size() == MAX_STATES) {
        throw new BrokenPattern();
      }
      states.add(state);
      return states.size() - 1;
    }

    private void take(char wanted) throws BrokenPattern {
      if (peek() != wanted) {
        throw new BrokenPattern();
      }
      at++;
    }

    /** The character here, -1 at the end. */
    private int peek() {
      return at < pattern.length() ? pattern.charAt(at) : -1;
    }

    private int next() throws BrokenPattern {
      if (at >= pattern.length()) {
        throw new BrokenPattern();
      }
      int point = pattern.codePointAt(at);
      at += Character.charCount(point);
      return point;
    }

    /** The general categories of a name of one or two letters, by {@link Character#getType}. */
    private static boolean[] types(String name) throws BrokenPattern {
      String[] names = new String[31];
      Arrays.fill(names, "");
      names[Character.UPPERCASE_LETTER] = "Lu";
      names[Character.LOWERCASE_LETTER] = "Ll";
      names[Character.TITLECASE_LETTER] = "Lt";
      names[Character.MODIFIER_LETTER] = "Lm";
      names[Character.OTHER_LETTER] = "Lo";
      names[Character.NON_SPACING_MARK] = "Mn";
      names[Character.ENCLOSING_MARK] = "Me";
      names[Character.COMBINING_SPACING_MARK] = "Mc";
      names[Character.DECIMAL_DIGIT_NUMBER] = "Nd";
      names[Character.LETTER_NUMBER] = "Nl";
      names[Character.OTHER_NUMBER] = "No";
      names[Character.SPACE_SEPARATOR] = "Zs";
      names[Character.LINE_SEPARATOR] = "Zl";
      names[Character.PARAGRAPH_SEPARATOR] = "Zp";
      names[Character.CONTROL] = "Cc";
      names[Character.FORMAT] = "Cf";
      names[Character.PRIVATE_USE] = "Co";
      names[Character.UNASSIGNED] = "Cn";
      names[Character.DASH_PUNCTUATION] = "Pd";
      names[Character.START_PUNCTUATION] = "Ps";
      names[Character.END_PUNCTUATION] = "Pe";
      names[Character.CONNECTOR_PUNCTUATION] = "Pc";
      names[Character.OTHER_PUNCTUATION] = "Po";
      names[Character.INITIAL_QUOTE_PUNCTUATION] = "Pi";
      names[Character.FINAL_QUOTE_PUNCTUATION] = "Pf";
      names[Character.MATH_SYMBOL] = "Sm";
      names[Character.CURRENCY_SYMBOL] = "Sc";
      names[Character.MODIFIER_SYMBOL] = "Sk";
      names[Character.OTHER_SYMBOL] = "So";
      boolean[] types = new boolean[31];
      boolean isAny = false;
      for (int i = 0; i < names.length; i++) {
        types[i] = !names[i].isEmpty() && !name.isEmpty() && names[i].startsWith(name);
        isAny |= types[i];
      }
      if (!isAny) {
        throw new BrokenPattern();
      }
      return types;
    }
  }
}
