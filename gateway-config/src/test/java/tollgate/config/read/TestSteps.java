package tollgate.config.read;

import static tollgate.config.read.ValueTypes.anyText;
import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.file;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.secret;
import static tollgate.config.read.ValueTypes.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.Secret;

/** Steps as another module would declare them. */
final class TestSteps {
  record Headers(Map<String, String> set, List<String> remove) {}

  record Sign(Secret key, @Nullable Path certificate) {}

  record Respond(int status) {}

  record Mark() {}

  private static final ScalarType<String> HEADER =
      text("header name", "X-Request-Id", "[A-Za-z0-9-]+");

  static final StepShape<Headers> HEADERS =
      StepShape.of(
          "headers",
          Shape.of(
              Headers.class,
              "Edits header fields.",
              keys -> {
                var set =
                    keys.withDefault("set", mapOf(HEADER, anyText()), Map.of(), "Fields to set.");
                var remove =
                    keys.withDefault("remove", listOf(HEADER), List.of(), "Fields to remove.");
                keys.removed("delete", "was removed: write \"remove\"");
                return fields -> new Headers(fields.get(set), fields.get(remove));
              }),
          StepPlace.REQUEST,
          StepPlace.RESPONSE);

  static final StepShape<Sign> SIGN =
      StepShape.of(
          "sign",
          Shape.of(
              Sign.class,
              "Signs the request.",
              keys -> {
                var key = keys.required("key", secret(), "The key.");
                var certificate =
                    keys.optional("certificate", file(), "Sent along.", "none is sent");
                return fields -> new Sign(fields.get(key), fields.get(certificate));
              }),
          StepPlace.REQUEST);

  private static final ScalarType<Integer> STATUS = integer(100, 599);

  static final StepShape<Respond> RESPOND =
      new StepShape<>(
          "respond",
          Respond.class,
          either(
              STATUS.as(Respond::new, Respond::status),
              Shape.of(
                  Respond.class,
                  "Answers.",
                  keys -> {
                    var status = keys.withDefault("status", STATUS, 200, "Status of the answer.");
                    return fields -> new Respond(fields.get(status));
                  })),
          Set.of(StepPlace.REQUEST),
          "Answers without an upstream.");

  static final StepShape<Mark> MARK =
      StepShape.of(
          "mark", Shape.of(Mark.class, "Marks.", _ -> _ -> new Mark()), StepPlace.RESPONSE);

  static final StepShapes ALL = StepShapes.of(HEADERS, SIGN, RESPOND, MARK);

  private TestSteps() {}
}
