package tollgate.handlers.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tollgate.core.expression.ExpressionException;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlParser;

/**
 * What a template makes of made-up values, to find at load what would be malformed whatever the
 * values are. One thread, once.
 */
final class Sample {
  private final int rounds;
  private final StringBuilder text = new StringBuilder();

  /** Where pieces of the template went. */
  private final List<Piece> pieces = new ArrayList<>();

  /**
   * @param made in bytes
   * @param offset in the template
   */
  private record Piece(int made, int offset, int length) {}

  private int made;

  private Sample(int rounds) {
    this.rounds = rounds;
  }

  /**
   * @param rounds of every loop; without any, conditions are not met
   * @throws ExpressionException at the place in the template
   */
  static void check(List<Node> nodes, Output output, int rounds) {
    Sample sample = new Sample(rounds);
    sample.run(nodes);
    byte[] bytes = sample.text.toString().getBytes(StandardCharsets.UTF_8);
    try {
      if (output == Output.JSON) {
        JsonParser.parse(bytes, PayloadLimits.DEFAULT, DuplicateNames.KEEP);
      } else {
        XmlParser.parse(bytes, "utf-8", PayloadLimits.DEFAULT);
      }
    } catch (MalformedPayloadException e) {
      throw new ExpressionException(
          "does not make a body of its type: " + e.reason(), sample.place(e.offset()));
    }
  }

  private void run(List<Node> nodes) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Literal(String literal, int offset) -> {
          pieces.add(new Piece(made, offset, literal.length()));
          add(literal);
        }
        case Node.Place(var _, Escape escape) -> add(escape == Escape.JSON_VALUE ? "null" : "x");
        case Node.Loop loop -> {
          for (int i = 0; i < rounds; i++) {
            add(loop.isList() && i > 0 ? "," : "");
            run(loop.body());
          }
        }
        case Node.Choice choice -> run(rounds > 0 ? choice.then() : choice.otherwise());
      }
    }
  }

  private void add(String more) {
    text.append(more);
    made += more.getBytes(StandardCharsets.UTF_8).length;
  }

  private int place(int offset) {
    int place = 0;
    for (Piece piece : pieces) {
      if (piece.made() <= offset) {
        place = piece.offset() + Math.min(offset - piece.made(), piece.length());
      }
    }
    return place;
  }
}
