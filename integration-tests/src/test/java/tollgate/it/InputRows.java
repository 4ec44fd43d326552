package tollgate.it;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tollgate.it.mutation.RequestCorpus;
import tollgate.it.mutation.ResponseCorpus;

/** All bad input that other tests know, one by one. Immutable. */
final class InputRows {
  private static final String LINE = "GET /a/items/1 HTTP/1.1\r\n";
  private static final String GET = LINE + "Host: x\r\n";
  private static final String POST = "POST /a/items HTTP/1.1\r\nHost: x\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String RIGHT_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private final List<Row> rows = new ArrayList<>();

  /**
   * One input.
   *
   * @param family where it is from
   * @param input what a client sends or an origin answers; one character per byte
   * @param answer what the origin answers to {@code GET}; null where it is the client's input
   */
  record Row(String family, String input, @Nullable String answer) {
    int bytes() {
      return input.length() + (answer == null ? 0 : answer.length());
    }
  }

  private InputRows() {}

  static List<Row> all() {
    InputRows made = new InputRows();
    made.heads();
    made.bodies();
    made.corpus();
    made.answers();
    return List.copyOf(made.rows);
  }

  private void heads() {
    add("framing", BadHeadsIT.framings(), row -> POST + row + "\r\n\r\n0\r\n\r\n");
    add("field line", BadHeadsIT.fieldLines(), row -> GET + row + "\r\n\r\n");
    add("host", BadHeadsIT.hosts(), row -> LINE + row + "\r\n");
    add("request line", BadHeadsIT.requestLines(), row -> row + "\r\nHost: x\r\n\r\n");
    add(
        "limit",
        Stream.of(
            "GET /a/" + "x".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            GET + "X: y\r\n".repeat(120) + "\r\n",
            GET + "X: y\r\n".repeat(99) + "\r\n",
            GET + ("X: " + "y".repeat(7000) + "\r\n").repeat(6) + "\r\n",
            "GET /a/" + "x".repeat(40 * 1024),
            GET + "X: " + "x".repeat(40 * 1024),
            GET + "Cookie: " + "a=b; ".repeat(1000) + "\r\n\r\n",
            GET + "Connection: " + "x,".repeat(1000) + "\r\n\r\n",
            GET + "X-Forwarded-For: " + "10.0.0.1, ".repeat(500) + "10.0.0.1\r\n\r\n",
            "GET /a/" + "%41/".repeat(1500) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a/" + "../".repeat(1500) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a/x?" + "a=b&".repeat(1500) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
            (GET + "\r\n").repeat(20)),
        UnaryOperator.identity());
  }

  private void bodies() {
    add("chunk", BadBodiesIT.chunks(), row -> CHUNKED + row);
    add(
        "chunks",
        Stream.of(
            "1\r\nx\r\n".repeat(2000) + "0\r\n\r\n",
            "1;" + "a".repeat(200) + "\r\nx\r\n0\r\n\r\n",
            "5\r\nhello\r\n0\r\n" + "X: y\r\n".repeat(60) + "\r\n",
            "5\r\nhello\r\n0\r\n" + ("X: " + "y".repeat(7000) + "\r\n").repeat(6) + "\r\n"),
        row -> CHUNKED + row);
  }

  private void corpus() {
    add("right", RequestCorpus.RIGHT.stream(), UnaryOperator.identity());
    add("framing 2", RequestCorpus.FRAMING.stream(), row -> POST + row + "\r\n\r\nhello");
    add(
        "chunk size",
        RequestCorpus.CHUNK_SIZES.stream(),
        row -> CHUNKED + row + "\r\nhello\r\n0\r\n\r\n");
    add(
        "in a path",
        RequestCorpus.INSERTIONS.stream(),
        row -> "GET /a/it" + row + "ems HTTP/1.1\r\nHost: x\r\n\r\n");
    add(
        "in a value",
        RequestCorpus.INSERTIONS.stream(),
        row -> GET + "X-A: va" + row + "lue\r\n\r\n");
    add(
        "in a name",
        RequestCorpus.INSERTIONS.stream(),
        row -> GET + "X-" + row + "A: value\r\n\r\n");
  }

  private void answers() {
    Stream.concat(BadResponsesIT.answers(), ResponseCorpus.RIGHT.stream())
        .forEach(answer -> answer("answer", answer));
    BadResponsesIT.bodies()
        .forEach(body ->
            answer(
                "answer's body", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body));
    ResponseCorpus.LINES.forEach(line ->
        answer("answer's line", RIGHT_ANSWER.replace("\r\n\r\n", "\r\n" + line + "\r\n\r\n")));
    answer("answer", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n".repeat(2000));
  }

  private void add(String family, Stream<String> inputs, UnaryOperator<String> request) {
    inputs.forEach(input -> {
      String text = request.apply(input).replace("~", "/a").replace("%ID%", "1");
      rows.add(new Row(family, text, null));
    });
  }

  private void answer(String family, String text) {
    rows.add(
        new Row(family, "GET /a/answer/" + rows.size() + " HTTP/1.1\r\nHost: x\r\n\r\n", text));
  }

  /** The row whose answer a path of the origin asks for. */
  static @Nullable String answerTo(List<Row> rows, String path) {
    String prefix = "/answer/";
    return path.startsWith(prefix)
        ? rows.get(Integer.parseInt(path.substring(prefix.length()))).answer()
        : null;
  }
}
