package tollgate.handlers.validate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.DataSize;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.model.ValidateConfig.Against;
import tollgate.config.model.ValidateConfig.Mode;
import tollgate.config.model.ValidateConfig.Rule;
import tollgate.config.openapi.OpenApiBody;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiMedia;
import tollgate.config.openapi.OpenApiOperation;
import tollgate.config.openapi.OpenApiParameter;
import tollgate.config.openapi.OpenApiReader;
import tollgate.config.openapi.OpenApiResponse;
import tollgate.config.openapi.SchemaPlace;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.text.Location;
import tollgate.core.handler.HandlerContext;
import tollgate.core.media.MediaType;
import tollgate.core.message.typed.SchemaTypes;
import tollgate.core.telemetry.Telemetry;
import tollgate.handlers.validate.BodyRules.Content;
import tollgate.handlers.validate.BodyRules.Media;
import tollgate.handlers.validate.ValidateHandler.RequestRules;
import tollgate.handlers.validate.ValidateHandler.ResponseSide;

/**
 * The schemas of one API, compiled. Immutable once made; used by the thread that assembles the API.
 * Reading the files blocks, and is done before any handler is made.
 */
public final class Validations {
  /** No operation is checked. */
  public static final Validations NONE = new Validations(Map.of());

  static final String OPENAPI = "openapi";
  private static final String JSON_SCHEMA = "json_schema";
  private static final String XSD = "xsd";
  private static final ParameterChecks NO_PARAMETERS =
      new ParameterChecks(List.of(), List.of(), false, _ -> null);

  private final Map<String, Checked> byOperation;

  /** What is checked of one operation. */
  private record Checked(
      @Nullable RequestRules request, @Nullable ResponseSide response, int maxBytes) {}

  private Validations(Map<String, Checked> byOperation) {
    this.byOperation = Map.copyOf(byOperation);
  }

  /**
   * Reads and compiles what an API needs.
   *
   * @param shownRoot the root folder as problems print it
   * @param place of the API, for problems that stand in no schema
   * @param problems gets what is wrong; with any, the result is of no use
   */
  public static Validations compileBlocking(
      ApiConfig api, Path root, Path shownRoot, Location place, List<Diagnostic> problems) {
    List<OperationConfig> operations = api.operations();
    boolean isOn =
        api.validate().isOn()
            || operations.stream().anyMatch(one -> one.validate().within(api.validate()).isOn());
    return isOn
        ? new Compilation(api, new SchemaFolder(root, shownRoot), place, problems).run()
        : NONE;
  }

  /** Whether nothing is checked. */
  public boolean isEmpty() {
    return byOperation.isEmpty();
  }

  /**
   * The handler of an operation; null if nothing of it is checked.
   *
   * @param operation its id; null for everything of an API that lists none
   */
  public @Nullable ValidateHandler handler(
      @Nullable String operation, HandlerContext context, Telemetry telemetry) {
    Checked checked = byOperation.get(operation == null ? "" : operation);
    return checked == null
        ? null
        : new ValidateHandler(
            checked.request(),
            checked.response(),
            checked.maxBytes(),
            context.offload(),
            telemetry);
  }

  /** One run of the compiler. */
  private static final class Compilation {
    private final ApiConfig api;
    private final SchemaFolder folder;
    private final Location place;
    private final List<Diagnostic> problems;
    private final Map<Path, JsonChecker> jsonSchemas = new HashMap<>();
    private final Map<Path, XsdSchema> xsds = new HashMap<>();
    private @Nullable OpenApiDocument document;
    private @Nullable JsonSchemas documentSchemas;
    private @Nullable SchemaTypes documentTypes;

    Compilation(ApiConfig api, SchemaFolder folder, Location place, List<Diagnostic> problems) {
      this.api = api;
      this.folder = folder;
      this.place = place;
      this.problems = problems;
    }

    Validations run() {
      Path openApi = api.openapi();
      if (openApi != null) {
        openBlocking(openApi);
      }
      Map<String, Checked> byOperation = new HashMap<>();
      if (openApi == null || document != null) {
        if (api.operations().isEmpty()) {
          put("", api.validate(), null, OperationConfig.DEFAULT_STREAM, byOperation);
        }
        for (OperationConfig operation : api.operations()) {
          put(
              operation.id(),
              operation.validate().within(api.validate()),
              operation.match().shape(),
              operation.stream(),
              byOperation);
        }
      }
      return new Validations(byOperation);
    }

    private void openBlocking(Path path) {
      OpenApiReader reader = new OpenApiReader(folder);
      try {
        OpenApiDocument read = reader.readBlocking(path);
        reader
            .problems()
            .forEach(problem ->
                problems.add(
                    Diagnostic.error(problem.location(), problem.path(), problem.message())));
        JsonSchemas schemas = new JsonSchemas(reader.schemas(), problems);
        schemas.checkPatterns();
        document = read;
        documentSchemas = schemas;
        documentTypes = new SchemaTypes(reader.schemas(), problems);
      } catch (IOException e) {
        problems.add(
            Diagnostic.error(
                Location.ofFile(folder.label(path)), "", "cannot be read: " + e.getMessage()));
      }
    }

    private void put(
        String id,
        ValidateConfig config,
        @Nullable String shape,
        OperationConfig.Stream stream,
        Map<String, Checked> into) {
      OpenApiDocument known = document;
      OpenApiOperation operation = known == null || shape == null ? null : known.operation(shape);
      Rule responseRule = config.response();
      if (stream != OperationConfig.Stream.NONE
          && responseRule != null
          && responseRule.mode() != Mode.OFF) {
        String message =
            "the responses of "
                + id
                + " are a stream of "
                + stream.word()
                + ", which has no end to check (expected: validate: {response: off})";
        problems.add(Diagnostic.error(place, "operations", message));
        return;
      }
      DataSize max = config.maxBody();
      long maxBytes = (max == null ? ValidateConfig.DEFAULT_MAX_BODY : max).bytes();
      RequestRules request = request(config, operation);
      ResponseSide response = response(config.response(), operation);
      if (request != null || response != null) {
        into.put(
            id, new Checked(request, response, (int) Math.min(maxBytes, Integer.MAX_VALUE - 16)));
      }
    }

    private @Nullable RequestRules request(
        ValidateConfig config, @Nullable OpenApiOperation operation) {
      Rule rule = config.request();
      if (rule == null || rule.mode() == Mode.OFF) {
        return null;
      }
      return switch (rule.against()) {
        case Against.OpenApi _ ->
            operation == null
                ? null
                : new RequestRules(
                    rule.mode(),
                    OPENAPI,
                    new ParameterChecks(
                        operation.parameters(),
                        operation.match().path().parameters(),
                        config.unknownQuery() == ValidateConfig.UnknownQuery.REFUSE,
                        parameter -> parameterChecker(parameter, LibraryChecker.Sense.REQUEST)),
                    body(operation.body()));
        case Against.JsonSchema schema -> {
          JsonChecker checker = jsonSchemaBlocking(schema.file());
          yield checker == null
              ? null
              : new RequestRules(rule.mode(), JSON_SCHEMA, NO_PARAMETERS, BodyRules.json(checker));
        }
        case Against.Xsd xsd -> {
          XsdSchema schema = xsdBlocking(xsd.file());
          yield schema == null
              ? null
              : new RequestRules(rule.mode(), XSD, NO_PARAMETERS, BodyRules.xml(schema, false));
        }
      };
    }

    private @Nullable ResponseSide response(
        @Nullable Rule rule, @Nullable OpenApiOperation operation) {
      if (rule == null || rule.mode() == Mode.OFF) {
        return null;
      }
      return switch (rule.against()) {
        case Against.OpenApi _ ->
            operation == null
                ? null
                : new ResponseSide(
                    rule.mode(), OPENAPI, new ResponseRules(responses(operation), null));
        case Against.JsonSchema schema -> {
          JsonChecker checker = jsonSchemaBlocking(schema.file());
          yield checker == null ? null : any(rule, JSON_SCHEMA, BodyRules.json(checker));
        }
        case Against.Xsd xsd -> {
          XsdSchema schema = xsdBlocking(xsd.file());
          yield schema == null ? null : any(rule, XSD, BodyRules.xml(schema, true));
        }
      };
    }

    private static ResponseSide any(Rule rule, String kind, BodyRules body) {
      return new ResponseSide(
          rule.mode(),
          kind,
          new ResponseRules(Map.of(), new ResponseRules.Rule(body, NO_PARAMETERS)));
    }

    private Map<String, ResponseRules.Rule> responses(OpenApiOperation operation) {
      Map<String, ResponseRules.Rule> rules = new HashMap<>();
      for (OpenApiResponse response : operation.responses()) {
        ParameterChecks headers =
            new ParameterChecks(
                response.headers(),
                List.of(),
                false,
                parameter -> parameterChecker(parameter, LibraryChecker.Sense.RESPONSE));
        List<Media> media = media(response.content(), LibraryChecker.Sense.RESPONSE);
        rules.put(
            response.status(),
            new ResponseRules.Rule(new BodyRules(!media.isEmpty(), media), headers));
      }
      return rules;
    }

    private BodyRules body(@Nullable OpenApiBody body) {
      return body == null
          ? BodyRules.NOTHING
          : new BodyRules(body.isRequired(), media(body.content(), LibraryChecker.Sense.REQUEST));
    }

    private List<Media> media(List<OpenApiMedia> content, LibraryChecker.Sense sense) {
      List<Media> all = new ArrayList<>();
      for (OpenApiMedia one : content) {
        all.add(new Media(one.range(), false, content(one, sense)));
      }
      return all;
    }

    private Content content(OpenApiMedia media, LibraryChecker.Sense sense) {
      SchemaPlace schema = media.schema();
      String range = media.range();
      boolean isForm = range.equals(MediaType.FORM.essence());
      boolean isXml = range.equals("application/xml") || range.endsWith("+xml");
      boolean isJson = range.equals("application/json") || range.endsWith("+json");
      if (schema == null || (!isForm && !isXml && !isJson && !range.endsWith("*"))) {
        return Content.Unread.UNREAD;
      }
      JsonChecker checker =
          requireNonNull(documentSchemas).place(schema, requireNonNull(document).draft(), sense);
      if (checker == null) {
        return Content.Unread.UNREAD;
      }
      return isForm || isXml
          ? new Content.Typed(
              checker, requireNonNull(documentTypes).document(schema.node()), isForm)
          : new Content.Json(checker);
    }

    private @Nullable JsonChecker parameterChecker(
        OpenApiParameter parameter, LibraryChecker.Sense sense) {
      return parameter.schema() == null
          ? null
          : requireNonNull(documentSchemas)
              .place(parameter.schema(), requireNonNull(document).draft(), sense);
    }

    private @Nullable JsonChecker jsonSchemaBlocking(Path file) {
      JsonChecker known = jsonSchemas.get(file);
      if (known == null) {
        known = JsonSchemas.ofFileBlocking(folder, file, false, problems);
        if (known != null) {
          jsonSchemas.put(file, known);
        }
      }
      return known;
    }

    private @Nullable XsdSchema xsdBlocking(Path file) {
      XsdSchema known = xsds.get(file);
      if (known == null) {
        known = XsdSchema.ofFileBlocking(folder, file, problems);
        if (known != null) {
          xsds.put(file, known);
        }
      }
      return known;
    }
  }
}
