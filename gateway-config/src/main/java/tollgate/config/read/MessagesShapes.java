package tollgate.config.read;

import static java.util.Objects.requireNonNull;
import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.schemaFile;
import static tollgate.config.read.ValueTypes.size;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.ConvertConfig.Types;
import tollgate.config.model.DataSize;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.MessagesConfig.Limits;
import tollgate.config.model.MessagesConfig.Response;
import tollgate.config.model.MessagesConfig.Target;
import tollgate.config.model.ValidateConfig.Against;

/** The keys of {@code messages}. */
final class MessagesShapes {
  // What the model's offsets can hold is just below 256 MiB.
  private static final DataSize LARGEST = DataSize.ofMebibytes(255);
  private static final DataSize SMALLEST = DataSize.ofBytes(1);
  private static final int MOST = 10_000_000;
  private static final int DEEPEST = 100_000;

  private static final ScalarType<String> MEDIA_TYPE =
      ValueTypes.text(
          "media type",
          "application/vnd.acme",
          "[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}");

  private static final ScalarType<Target> TARGET = oneOf(Target.class, Target::word);

  private static final ScalarType<Response> RESPONSE = oneOf(responses(), MessagesShapes::word);

  private static final ScalarType<Types> TYPES_WORD =
      oneOf(attached(), types -> ((Types.Attached) types).word());

  private static final Shape<Against> TYPES_FILE =
      Shape.of(
          Against.class,
          "The schema of the messages of one direction.",
          keys -> {
            var jsonSchema =
                keys.optional(
                    "jsonSchema",
                    schemaFile("schemas/order.json", SchemaKind.JSON_SCHEMA),
                    "JSON Schema of what is JSON, with xml as OpenAPI has it.",
                    "xsd says it");
            var xsd =
                keys.optional(
                    "xsd",
                    schemaFile("schemas/order.xsd", SchemaKind.XSD),
                    "XML Schema 1.0 of what is XML.",
                    "jsonSchema says it");
            keys.check(
                xsd,
                fields -> {
                  if (fields.get(jsonSchema) == null) {
                    return fields.get(xsd) == null
                        ? "is missing, and so is jsonSchema (expected: one of them)"
                        : null;
                  }
                  return fields.get(xsd) == null
                      ? null
                      : "stands beside jsonSchema (expected: one of them)";
                });
            return fields -> {
              Path json = fields.get(jsonSchema);
              return json == null
                  ? new Against.Xsd(requireNonNull(fields.get(xsd), "xsd"))
                  : new Against.JsonSchema(json);
            };
          });

  private static final Shape<Types> TYPES_FILES =
      Shape.of(
          Types.class,
          "Schemas that say which types and lists there are.",
          keys -> {
            var request = keys.optional("request", TYPES_FILE, "Of requests.", "texts stay texts");
            var response =
                keys.optional("response", TYPES_FILE, "Of responses.", "texts stay texts");
            return fields -> new Types.Files(fields.get(request), fields.get(response));
          });

  private static final Shape<ConvertConfig> CONVERT =
      Shape.of(
          ConvertConfig.class,
          "What messages are converted to. Bodies that have that format already are read all the same, so that nothing malformed goes on.",
          keys -> {
            var request =
                keys.optional(
                    "request", TARGET, "What the backend is sent.", "the format that came");
            var response =
                keys.optional(
                    "response",
                    RESPONSE,
                    "What the caller is sent; accept: what its Accept field prefers, 406 if neither is allowed there.",
                    "the format that came");
            var shape =
                keys.withDefault(
                    "shape",
                    oneOf(MessagesConfig.Shape.class, MessagesConfig.Shape::word),
                    ConvertConfig.DEFAULT_SHAPE,
                    "How one format looks in the other: exact loses nothing, wso2 and badgerfish look as they do elsewhere.");
            var types =
                keys.optional(
                    "types",
                    either(TYPES_WORD, TYPES_FILES),
                    "What says which numbers, booleans and lists there are, in the shape exact: schema is what validate or the OpenAPI file says, none leaves texts as texts; or files for this alone.",
                    ConvertConfig.Types.Attached.SCHEMA.word());
            keys.check(
                types,
                fields ->
                    fields.get(types) instanceof Types.Files
                            && fields.get(shape) != MessagesConfig.Shape.EXACT
                        ? "has no effect with the shape "
                            + fields.get(shape).word()
                            + " (expected: shape: exact)"
                        : null);
            return fields -> {
              Types given = fields.get(types);
              return new ConvertConfig(
                  fields.get(request),
                  fields.get(response),
                  fields.get(shape),
                  given == null ? ConvertConfig.DEFAULT_TYPES : given);
            };
          });

  private static final Shape<Limits> LIMITS =
      Shape.of(
          Limits.class,
          "What is read at most where something looks into a message; beyond it, 413 for a request and 502 for a response.",
          keys -> {
            Limits defaults = Limits.DEFAULTS;
            var body =
                keys.withDefault(
                    "body",
                    size(SMALLEST, LARGEST),
                    defaults.body(),
                    "Largest body, once its content codings are undone.");
            var depth =
                keys.withDefault(
                    "depth",
                    integer(1, DEEPEST),
                    defaults.depth(),
                    "How deep objects, arrays and elements may stand in one another.");
            var members =
                keys.withDefault(
                    "members",
                    integer(1, MOST),
                    defaults.members(),
                    "Members of one object, or fields of one form.");
            var arrayLength =
                keys.withDefault(
                    "arrayLength",
                    integer(1, MOST),
                    defaults.arrayLength(),
                    "Elements of one array, or children of one element.");
            var name =
                keys.withDefault("name", size(SMALLEST, LARGEST), defaults.name(), "Longest name.");
            var string =
                keys.withDefault(
                    "string",
                    size(SMALLEST, LARGEST),
                    defaults.string(),
                    "Longest string, text or attribute value.");
            var attributes =
                keys.withDefault(
                    "attributes",
                    integer(1, MOST),
                    defaults.attributes(),
                    "Attributes of one element, namespace declarations among them.");
            var parts =
                keys.withDefault(
                    "parts", integer(1, MOST), defaults.parts(), "Parts of one multipart body.");
            return fields ->
                new Limits(
                    fields.get(body),
                    fields.get(depth),
                    fields.get(members),
                    fields.get(arrayLength),
                    fields.get(name),
                    fields.get(string),
                    fields.get(attributes),
                    fields.get(parts));
          });

  /**
   * Of an API.
   *
   * @param formats those beside the built-in ones
   */
  static Shape<MessagesConfig> api(List<String> formats) {
    return Shape.of(
        MessagesConfig.class,
        "How messages are read where something looks into them, and what they are converted to.",
        keys -> {
          var builders =
              keys.withDefault(
                  "builders",
                  mapOf(MEDIA_TYPE, format(formats)),
                  Map.<String, String>of(),
                  "Formats of media types that have another one by themselves, or none.");
          var limits = keys.withDefault("limits", LIMITS, Limits.DEFAULTS, "What is read at most.");
          var convert =
              keys.optional(
                  "convert",
                  CONVERT,
                  "What messages are converted to; an operation may say otherwise.",
                  "nothing is converted");
          return fields ->
              new MessagesConfig(fields.get(builders), fields.get(limits), fields.get(convert));
        });
  }

  /** Of an operation. */
  static final Shape<ConvertConfig> OPERATION =
      Shape.of(
          ConvertConfig.class,
          "What messages of the operation are converted to.",
          keys -> {
            var convert =
                keys.required(
                    "convert",
                    CONVERT,
                    "In the place of all that the API says of it; an empty one converts nothing.");
            return fields -> fields.get(convert);
          });

  private MessagesShapes() {}

  private static Map<String, Types> attached() {
    Map<String, Types> words = new LinkedHashMap<>();
    for (Types.Attached types : Types.Attached.values()) {
      words.put(types.word(), types);
    }
    return words;
  }

  private static ScalarType<String> format(List<String> further) {
    Map<String, String> formats = new LinkedHashMap<>();
    MessagesConfig.FORMATS.forEach(name -> formats.put(name, name));
    further.forEach(name -> formats.put(name, name));
    return oneOf(formats, name -> name);
  }

  private static Map<String, Response> responses() {
    Map<String, Response> responses = new LinkedHashMap<>();
    for (Target target : Target.values()) {
      responses.put(target.word(), new Response.To(target));
    }
    responses.put("accept", Response.Negotiated.NEGOTIATED);
    return responses;
  }

  private static String word(Response response) {
    return switch (response) {
      case Response.To to -> to.target().word();
      case Response.Negotiated _ -> "accept";
    };
  }
}
