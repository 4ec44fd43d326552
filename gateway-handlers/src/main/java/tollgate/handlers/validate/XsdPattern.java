package tollgate.handlers.validate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a regular expression of XML Schema may cost the JDK's engine, which tries one way after the
 * other and cannot be stopped. One thread, used once.
 *
 * <p>The expression becomes an automaton with a state for each of its characters (Glushkov's),
 * repetitions written out. Two ways that part and meet again over the same text are ways that the
 * engine may both go: in a loop that makes its time grow with a power of the text's length, or
 * exponentially, so such an expression is refused; outside of loops it doubles the time, and so
 * much is allowed. Where no ways meet, time is linear. Classes of characters are never taken for
 * smaller than they are.
 *
 * <p>More than 400 lines in one class: it is the grammar of one language over one position.
 */
final class XsdPattern {
  /** States, with counted repetitions written out. */
  static final int MAX_SIZE = 2_000;

  /** By how much ways outside of loops may multiply. */
  private static final long MAX_WAYS = 1_000;

  private static final int MAX_PAIRS = 500_000;
  private static final int MAX_BUILT = 20_000;
  private static final int MAX_DEPTH = 100;
  private static final int ASTRAL = 0x10000;

  private final String source;
  private int at;
  private int depth;

  private final List<BitSet> states = new ArrayList<>();
  private final List<Map<Integer, Long>> follow = new ArrayList<>();
  private int built;

  /** States that lead back to themselves. */
  private final BitSet loops = new BitSet();

  /** States at which ways meet, and how many. */
  private final Map<Integer, Long> meeting = new HashMap<>();

  private final Set<Long> seen = new HashSet<>();
  private final List<Long> open = new ArrayList<>();
  private final Set<Long> met = new HashSet<>();

  /** Why it is not taken. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  /** A part of an expression, to be built as often as it is repeated. */
  private sealed interface Node {
    record Atom(BitSet set) implements Node {}

    record Sequence(List<Node> parts) implements Node {}

    record Choice(List<Node> parts) implements Node {}

    /** Without a bound: {@code most} is -1. */
    record Repeat(Node part, int least, int most) implements Node {}
  }

  /**
   * A part that is built.
   *
   * @param empty in how many ways it matches nothing
   * @param first states it may begin with, with the number of ways to them
   * @param last states it may end with
   */
  private record Built(long empty, Map<Integer, Long> first, Map<Integer, Long> last) {
    static final Built NOTHING = new Built(1, Map.of(), Map.of());
  }

  /** Characters, and whether they are just these or some more. */
  private record Chars(BitSet set, boolean isExact) {}

  private XsdPattern(String source) {
    this.source = source;
  }

  /** What speaks against an expression; null if nothing does. It goes on from the expression. */
  static @Nullable String problem(String source) {
    XsdPattern pattern = new XsdPattern(source);
    try {
      Node root = pattern.choice();
      if (pattern.at < source.length()) {
        return "has a parenthesis that closes nothing";
      }
      pattern.state(new BitSet()); // where matching begins
      Built built = pattern.build(root);
      pattern.follow.set(0, built.first());
      pattern.judge(built.empty());
      return null;
    } catch (RefusedException e) {
      return e.getMessage();
    }
  }

  // ---- reading

  private Node choice() throws RefusedException {
    if (++depth > MAX_DEPTH) {
      throw new RefusedException("has more than " + MAX_DEPTH + " groups in one another");
    }
    List<Node> branches = new ArrayList<>();
    do {
      List<Node> parts = new ArrayList<>();
      while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
        parts.add(quantified(atom()));
      }
      branches.add(new Node.Sequence(parts));
    } while (takes('|'));
    depth--;
    return branches.size() == 1 ? branches.getFirst() : new Node.Choice(branches);
  }

  private boolean takes(char c) {
    boolean isThere = at < source.length() && source.charAt(at) == c;
    at += isThere ? 1 : 0;
    return isThere;
  }

  private Node atom() throws RefusedException {
    if (takes('(')) {
      Node group = choice();
      if (!takes(')')) {
        throw new RefusedException("has a parenthesis that does not end");
      }
      return group;
    }
    if (takes('[')) {
      return new Node.Atom(group().set());
    }
    if (takes('.')) {
      BitSet all = all();
      all.clear('\n');
      all.clear('\r');
      return new Node.Atom(all);
    }
    return takes('\\') ? new Node.Atom(escape().set()) : new Node.Atom(one(character()));
  }

  private Node quantified(Node part) throws RefusedException {
    if (takes('?')) {
      return new Node.Repeat(part, 0, 1);
    }
    if (takes('*')) {
      return new Node.Repeat(part, 0, -1);
    }
    if (takes('+')) {
      return new Node.Repeat(part, 1, -1);
    }
    if (!takes('{')) {
      return part;
    }
    int least = number();
    int most = takes(',') ? (source.startsWith("}", at) ? -1 : number()) : least;
    if (!takes('}')) {
      throw new RefusedException("has a repetition that is not right");
    }
    return new Node.Repeat(part, least, most);
  }

  private int number() throws RefusedException {
    int begin = at;
    while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
      at++;
    }
    if (begin == at) {
      throw new RefusedException("has a repetition that is not right");
    }
    if (at - begin > 6) {
      throw tooLarge();
    }
    return Integer.parseInt(source, begin, at, 10);
  }

  private static RefusedException tooLarge() {
    return new RefusedException(
        "is larger than " + MAX_SIZE + " characters with its repetitions written out");
  }

  private int character() throws RefusedException {
    if (at >= source.length()) {
      throw new RefusedException("ends too soon");
    }
    int c = source.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  /** Behind the bracket that opens it. */
  private Chars group() throws RefusedException {
    boolean isNegated = takes('^');
    BitSet set = new BitSet();
    boolean isExact = true;
    boolean isFirst = true;
    while (isFirst || !takes(']')) {
      isFirst = false;
      if (source.startsWith("-[", at)) {
        at += 2;
        Chars without = group();
        Chars whole = negated(set, isExact, isNegated);
        if (without.isExact()) {
          boolean hasAstral = whole.set().get(ASTRAL);
          whole.set().andNot(without.set());
          whole.set().set(ASTRAL, hasAstral);
        }
        if (!takes(']')) {
          throw new RefusedException("has a class of characters that does not end");
        }
        return new Chars(whole.set(), whole.isExact() && without.isExact());
      }
      int from;
      if (takes('\\')) {
        Chars escaped = escape();
        if (escaped.set().cardinality() != 1) {
          set.or(escaped.set());
          isExact &= escaped.isExact();
          continue;
        }
        from = escaped.set().nextSetBit(0);
      } else {
        from = character();
      }
      int to = from;
      if (source.startsWith("-", at)
          && !source.startsWith("-]", at)
          && !source.startsWith("-[", at)) {
        at++;
        to = takes('\\') ? escape().set().nextSetBit(0) : character();
      }
      set.or(range(from, to));
    }
    return negated(set, isExact, isNegated);
  }

  private static Chars negated(BitSet set, boolean isExact, boolean isNegated) {
    if (!isNegated) {
      return new Chars(set, isExact);
    }
    if (!isExact) {
      return new Chars(all(), false);
    }
    BitSet others = all();
    others.andNot(set);
    others.set(ASTRAL);
    return new Chars(others, true);
  }

  /** Behind the backslash. */
  private Chars escape() throws RefusedException {
    int c = character();
    return switch (c) {
      case 'n' -> new Chars(one('\n'), true);
      case 'r' -> new Chars(one('\r'), true);
      case 't' -> new Chars(one('\t'), true);
      case 's', 'S' -> {
        BitSet space = one(' ');
        space.set('\t');
        space.set('\n');
        space.set('\r');
        yield negated(space, true, c == 'S');
      }
      case 'd', 'D' -> negated(ofTypes(Character.DECIMAL_DIGIT_NUMBER), true, c == 'D');
      case 'w', 'W' -> {
        BitSet word = all();
        for (int i = 0; i < ASTRAL; i++) {
          switch (Character.getType(i)) {
            case Character.CONNECTOR_PUNCTUATION,
                Character.DASH_PUNCTUATION,
                Character.START_PUNCTUATION,
                Character.END_PUNCTUATION,
                Character.INITIAL_QUOTE_PUNCTUATION,
                Character.FINAL_QUOTE_PUNCTUATION,
                Character.OTHER_PUNCTUATION,
                Character.SPACE_SEPARATOR,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.CONTROL,
                Character.FORMAT,
                Character.SURROGATE,
                Character.PRIVATE_USE,
                Character.UNASSIGNED ->
                word.clear(i);
            default -> {}
          }
        }
        yield negated(word, true, c == 'W');
      }
      case 'i', 'c', 'I', 'C' -> {
        BitSet names = range(0x80, ASTRAL - 1);
        names.set(ASTRAL);
        for (char ascii = 0; ascii < 0x80; ascii++) {
          boolean isIn =
              Character.isLetter(ascii)
                  || ascii == '_'
                  || ascii == ':'
                  || ((c | 0x20) == 'c'
                      && (Character.isDigit(ascii) || ascii == '.' || ascii == '-'));
          names.set(ascii, isIn == (c > 'Z'));
        }
        yield new Chars(names, false);
      }
      case 'p', 'P' -> property(c == 'P');
      default -> new Chars(one(c), true);
    };
  }

  private Chars property(boolean isNegated) throws RefusedException {
    int end = source.indexOf('}', at);
    if (!takes('{') || end < 0) {
      throw new RefusedException("has a property of characters that is not right");
    }
    String name = source.substring(at, end);
    at = end + 1;
    byte[] types =
        switch (name) {
          case "L" ->
              new byte[] {
                Character.UPPERCASE_LETTER,
                Character.LOWERCASE_LETTER,
                Character.TITLECASE_LETTER,
                Character.MODIFIER_LETTER,
                Character.OTHER_LETTER
              };
          case "Lu" -> new byte[] {Character.UPPERCASE_LETTER};
          case "Ll" -> new byte[] {Character.LOWERCASE_LETTER};
          case "N" ->
              new byte[] {
                Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER
              };
          case "Nd" -> new byte[] {Character.DECIMAL_DIGIT_NUMBER};
          default -> new byte[0];
        };
    return types.length == 0
        ? new Chars(name.equals("IsBasicLatin") && !isNegated ? range(0, 0x7f) : all(), false)
        : negated(ofTypes(types), true, isNegated);
  }

  private static BitSet ofTypes(byte... types) {
    BitSet set = one(ASTRAL);
    for (int i = 0; i < ASTRAL; i++) {
      for (byte type : types) {
        if (Character.getType(i) == type) {
          set.set(i);
        }
      }
    }
    return set;
  }

  private static BitSet one(int c) {
    return range(c, c);
  }

  private static BitSet range(int from, int to) {
    BitSet set = new BitSet();
    if (from <= to) {
      set.set(Math.min(from, ASTRAL), Math.min(to, ASTRAL) + 1);
    }
    return set;
  }

  private static BitSet all() {
    return range(0, ASTRAL);
  }

  // ---- building

  private int state(BitSet set) throws RefusedException {
    if (states.size() > MAX_SIZE) {
      throw tooLarge();
    }
    states.add(set);
    follow.add(new HashMap<>());
    return states.size() - 1;
  }

  private Built build(Node node) throws RefusedException {
    if (++built > MAX_BUILT) {
      throw tooLarge();
    }
    return switch (node) {
      case Node.Atom atom -> {
        Map<Integer, Long> self = Map.of(state(atom.set()), 1L);
        yield new Built(0, self, self);
      }
      case Node.Sequence sequence -> {
        Built all = Built.NOTHING;
        for (Node part : sequence.parts()) {
          all = then(all, build(part));
        }
        yield all;
      }
      case Node.Choice choice -> {
        Built all = new Built(0, Map.of(), Map.of());
        for (Node part : choice.parts()) {
          Built next = build(part);
          all =
              new Built(
                  all.empty() + next.empty(),
                  sum(all.first(), next.first(), 1),
                  sum(all.last(), next.last(), 1));
        }
        yield all;
      }
      case Node.Repeat repeat -> repeated(repeat);
    };
  }

  private Built repeated(Node.Repeat repeat) throws RefusedException {
    if (repeat.most() == 1 && repeat.least() == 0) {
      return optional(build(repeat.part()));
    }
    if (Math.max(repeat.least(), repeat.most()) > MAX_SIZE) {
      throw tooLarge();
    }
    Built rest = Built.NOTHING;
    if (repeat.most() < 0) {
      Built loop = build(repeat.part());
      link(loop.last(), loop.first());
      rest = optional(loop);
    }
    for (int i = repeat.least(); i < repeat.most(); i++) { // (x(x)?)?
      rest = optional(then(build(repeat.part()), rest));
    }
    for (int i = 0; i < repeat.least(); i++) {
      rest = then(build(repeat.part()), rest);
    }
    return rest;
  }

  private static Built optional(Built part) {
    return new Built(part.empty() + 1, part.first(), part.last());
  }

  private Built then(Built one, Built other) {
    link(one.last(), other.first());
    return new Built(
        capped(one.empty() * other.empty()),
        sum(one.first(), other.first(), one.empty()),
        sum(other.last(), one.last(), other.empty()));
  }

  private void link(Map<Integer, Long> from, Map<Integer, Long> to) {
    from.forEach((state, ways) ->
        to.forEach((next, more) -> follow.get(state).merge(next, capped(ways * more), Long::sum)));
  }

  private static Map<Integer, Long> sum(
      Map<Integer, Long> one, Map<Integer, Long> other, long times) {
    if (times == 0 || other.isEmpty()) {
      return one;
    }
    Map<Integer, Long> all = new HashMap<>(one);
    other.forEach((state, ways) -> all.merge(state, capped(ways * times), Long::sum));
    return all;
  }

  private static long capped(long ways) {
    return Math.min(ways, MAX_WAYS + 1);
  }

  // ---- judging

  private void judge(long waysToNothing) throws RefusedException {
    findLoops();
    for (Map<Integer, Long> edges : follow) {
      for (Map.Entry<Integer, Long> edge : edges.entrySet()) {
        if (edge.getValue() > 1) {
          meet(edge.getKey(), edge.getValue(), loops.get(edge.getKey()));
        }
      }
    }
    followPairs();
    long ways = capped(Math.max(1, waysToNothing));
    for (long each : meeting.values()) {
      ways = capped(ways * each);
    }
    if (ways > MAX_WAYS) {
      throw new RefusedException(
          "can be matched in more than " + MAX_WAYS + " ways, each of which may be tried");
    }
  }

  private void findLoops() {
    for (int from = 0; from < follow.size(); from++) {
      BitSet reached = new BitSet(follow.size());
      List<Integer> open = new ArrayList<>(follow.get(from).keySet());
      while (!open.isEmpty() && !reached.get(from)) {
        int next = open.removeLast();
        if (!reached.get(next)) {
          reached.set(next);
          open.addAll(follow.get(next).keySet());
        }
      }
      loops.set(from, reached.get(from));
    }
  }

  private void meet(int state, long ways, boolean isOfLoop) throws RefusedException {
    if (isOfLoop) {
      throw new RefusedException(
          "repeats what can be matched in several ways, which may take time without bound"
              + " (expected: at most one way for each text)");
    }
    meeting.merge(state, ways, (one, other) -> capped(one * other));
  }

  /** Follows any two ways that part, over the same text, to where they meet. */
  private void followPairs() throws RefusedException {
    for (int from = 0; from < states.size(); from++) {
      step(from, from);
    }
    while (!open.isEmpty()) {
      long pair = open.removeLast();
      step((int) (pair / states.size()), (int) (pair % states.size()));
    }
  }

  private void step(int one, int other) throws RefusedException {
    for (int next : follow.get(one).keySet()) {
      for (int second : follow.get(other).keySet()) {
        boolean isSame = next == second;
        if ((one == other && next >= second) || !isShared(next, second)) {
          continue;
        }
        if (isSame) {
          if (met.add(pair(one, other) * states.size() + next)) {
            meet(next, 2, loops.get(next) || loops.get(one) || loops.get(other));
          }
        } else if (seen.add(pair(next, second))) {
          if (seen.size() > MAX_PAIRS) {
            throw new RefusedException("takes too long to be looked at");
          }
          open.add(pair(next, second));
        }
      }
    }
  }

  private boolean isShared(int one, int other) {
    return one == other || states.get(one).intersects(states.get(other));
  }

  private long pair(int one, int other) {
    return (long) Math.min(one, other) * states.size() + Math.max(one, other);
  }
}
