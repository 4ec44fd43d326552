package tollgate.config.read;

import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.schemaFile;
import static tollgate.config.read.ValueTypes.size;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.DataSize;
import tollgate.config.model.ValidateConfig;
import tollgate.config.model.ValidateConfig.Against;
import tollgate.config.model.ValidateConfig.Mode;
import tollgate.config.model.ValidateConfig.Rule;

/** The keys of {@code validate}. */
final class ValidateShapes {
  /** What is collected of a body; a buffer's length is an int. */
  private static final DataSize LARGEST_BODY = DataSize.ofMebibytes(1024);

  private static final ScalarType<Mode> MODE = oneOf(Mode.class, Mode::word);

  private static final ScalarType<Rule> WORD =
      MODE.as(mode -> new Rule(mode, Against.OpenApi.OPENAPI), Rule::mode);

  private static final Shape<Rule> RULE =
      Shape.of(
          Rule.class,
          "What the messages of one direction are checked against.",
          keys -> {
            var mode =
                keys.withDefault(
                    "mode",
                    MODE,
                    ValidateConfig.DEFAULT_MODE,
                    "enforce refuses what violates the schema, log counts and logs it, off looks at nothing.");
            var jsonSchema =
                keys.optional(
                    "jsonSchema",
                    schemaFile("schemas/order.json", SchemaKind.JSON_SCHEMA),
                    "JSON Schema of the body, draft 4 to 2020-12.",
                    "the OpenAPI file of the API");
            var xsd =
                keys.optional(
                    "xsd",
                    schemaFile("schemas/order.xsd", SchemaKind.XSD),
                    "XML Schema 1.0 of the body.",
                    "the OpenAPI file of the API");
            keys.check(
                xsd,
                fields ->
                    fields.get(xsd) != null && fields.get(jsonSchema) != null
                        ? "stands beside jsonSchema (expected: one of them)"
                        : null);
            return fields ->
                new Rule(fields.get(mode), against(fields.get(jsonSchema), fields.get(xsd)));
          });

  static final Shape<ValidateConfig> VALIDATE =
      Shape.of(
          ValidateConfig.class,
          "Which messages are checked against a schema.",
          keys -> {
            var request =
                keys.optional(
                    "request",
                    either(WORD, RULE),
                    "Requests: a word alone is the mode, against the OpenAPI file.",
                    "of an operation as its API says, else off");
            var response =
                keys.optional(
                    "response",
                    either(WORD, RULE),
                    "Responses of the backend, in the same way.",
                    "of an operation as its API says, else off");
            var maxBody =
                keys.optional(
                    "maxBody",
                    size(DataSize.ofBytes(1), LARGEST_BODY),
                    "Largest body that is checked; a larger one is refused.",
                    ValidateConfig.DEFAULT_MAX_BODY.toString());
            var unknownQuery =
                keys.optional(
                    "unknownQuery",
                    oneOf(ValidateConfig.UnknownQuery.class, ValidateConfig.UnknownQuery::word),
                    "What becomes of query parameters that the OpenAPI file does not declare.",
                    ValidateConfig.DEFAULT_UNKNOWN_QUERY.word());
            return fields ->
                new ValidateConfig(
                    fields.get(request),
                    fields.get(response),
                    fields.get(maxBody),
                    fields.get(unknownQuery));
          });

  private ValidateShapes() {}

  private static Against against(@Nullable Path jsonSchema, @Nullable Path xsd) {
    if (jsonSchema != null) {
      return new Against.JsonSchema(jsonSchema);
    }
    return xsd == null ? Against.OpenApi.OPENAPI : new Against.Xsd(xsd);
  }
}
