package tollgate.handlers.convert;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.ConvertConfig.Types;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.MessagesConfig.Target;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.RestConfig;
import tollgate.config.model.SoapConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.model.ValidateConfig.Against;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.openapi.OpenApiMedia;
import tollgate.config.openapi.OpenApiOperation;
import tollgate.config.openapi.OpenApiReader;
import tollgate.config.openapi.OpenApiResponse;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Location;
import tollgate.config.text.Quoted;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.SchemaTypes;
import tollgate.core.message.typed.TypeTree.Members;

/**
 * What becomes of the messages of an API, with the schemas that say what they are, compiled.
 * Immutable once made; used by the thread that assembles the API. Reading the files blocks, and is
 * done before any handler is made.
 */
public final class Conversions {
  /** Nothing is converted. */
  public static final Conversions NONE = new Conversions(Map.of());

  private final Map<String, Converted> byOperation;

  /** What is converted of one operation: makes the handler. */
  @FunctionalInterface
  private interface Converted {
    Handler handler(HandlerContext context);
  }

  private Conversions(Map<String, Converted> byOperation) {
    this.byOperation = Map.copyOf(byOperation);
  }

  /**
   * Reads and compiles what an API needs.
   *
   * @param shownRoot the root folder as problems print it
   * @param place of the API, for problems that stand in no schema
   * @param problems gets what is wrong; with any, the result is of no use
   */
  public static Conversions compileBlocking(
      ApiConfig api, Path root, Path shownRoot, Location place, List<Diagnostic> problems) {
    Compilation compilation =
        new Compilation(api, new SchemaFolder(root, shownRoot), place, problems);
    Map<String, Converted> byOperation = new HashMap<>();
    if (api.operations().isEmpty()) {
      compilation.put("", null, byOperation);
    }
    for (OperationConfig operation : api.operations()) {
      compilation.put(operation.id(), operation, byOperation);
    }
    return byOperation.isEmpty() ? NONE : new Conversions(byOperation);
  }

  /**
   * The handler of an operation; null if nothing of it is converted.
   *
   * @param operation its id; null for everything of an API that lists none
   */
  public @Nullable Handler handler(@Nullable String operation, HandlerContext context) {
    Converted converted = byOperation.get(operation == null ? "" : operation);
    return converted == null ? null : converted.handler(context);
  }

  /** One run of the compiler; files are read when the first operation asks for them. */
  private static final class Compilation {
    private final ApiConfig api;
    private final SchemaFolder folder;
    private final Location place;
    private final List<Diagnostic> problems;
    private final Map<Path, @Nullable DocumentType> files = new HashMap<>();
    private @Nullable OpenApiDocument document;
    private @Nullable SchemaTypes documentTypes;
    private boolean isOpened;

    /** What callers of SOAP backends send and get. */
    private static final ConvertConfig JSON_BOTH_WAYS =
        new ConvertConfig(
            Target.XML, new MessagesConfig.Response.To(Target.JSON), MessagesConfig.Shape.EXACT);

    Compilation(ApiConfig api, SchemaFolder folder, Location place, List<Diagnostic> problems) {
      this.place = place;
      this.api = api;
      this.folder = folder;
      this.problems = problems;
    }

    void put(String id, @Nullable OperationConfig operation, Map<String, Converted> into) {
      int maxBytes = (int) api.messages().limits().body().bytes();
      SoapConfig soap = operation == null ? null : operation.soap();
      if (operation != null && soap != null) {
        DocumentType xsd = root(soap.xsd(), soap.namespace(), soap.element());
        MessageTypes json = attached(JSON_BOTH_WAYS, operation);
        into.put(
            id,
            context ->
                new SoapBackendHandler(
                    soap, operation.match().path(), xsd, json, maxBytes, context.offload()));
        return;
      }
      RestConfig rest = operation == null ? null : operation.rest();
      if (rest != null) {
        DocumentType xsd = null;
        for (RestConfig.Call call : rest.calls()) {
          xsd = root(rest.xsd(), rest.namespace(), call.element());
          var _ = root(rest.xsd(), rest.namespace(), call.response());
        }
        DocumentType types = xsd;
        into.put(id, context -> new SoapCallerHandler(rest, types, maxBytes, context.offload()));
        return;
      }
      ConvertConfig own = operation == null ? null : operation.convert();
      ConvertConfig convert = own == null ? api.messages().convert() : own;
      if (convert == null || (convert.request() == null && convert.response() == null)) {
        return;
      }
      MessageTypes types = types(convert, operation);
      into.put(id, context -> ConvertHandler.of(convert, types, maxBytes, context));
    }

    /** A schema that has to declare an element of that name; null without one. */
    private @Nullable DocumentType root(
        @Nullable Path xsd, @Nullable String namespace, String element) {
      DocumentType type = xsd == null ? null : file(new Against.Xsd(xsd));
      if (type != null
          && type.content() instanceof Members roots
          && roots.element(Envelopes.orNone(namespace), element) == null) {
        problems.add(
            Diagnostic.error(
                place,
                "operations",
                element
                    + " is no element of "
                    + (namespace == null ? "no namespace" : Quoted.of(namespace))
                    + " in "
                    + folder.label(requireNonNull(xsd))));
      }
      return type;
    }

    private MessageTypes types(ConvertConfig convert, @Nullable OperationConfig operation) {
      if (convert.shape() != MessagesConfig.Shape.EXACT) {
        return MessageTypes.NONE;
      }
      return switch (convert.types()) {
        case Types.Attached word ->
            word == Types.Attached.NONE ? MessageTypes.NONE : attached(convert, operation);
        case Types.Files given -> {
          DocumentType response = file(given.response());
          yield new MessageTypes(
              file(given.request()),
              response == null ? Map.of() : Map.of(MessageTypes.DEFAULT, response),
              true);
        }
      };
    }

    /** By what messages are checked against, or else by the OpenAPI file. */
    private MessageTypes attached(ConvertConfig convert, @Nullable OperationConfig operation) {
      ValidateConfig validate =
          operation == null ? api.validate() : operation.validate().within(api.validate());
      ValidateConfig.Rule request = validate.request();
      ValidateConfig.Rule response = validate.response();
      DocumentType requestType = null;
      Map<String, DocumentType> responses = new HashMap<>();
      if (convert.request() != null) {
        requestType =
            request == null || request.against() == Against.OpenApi.OPENAPI
                ? requestOf(operation, convert.request() == Target.JSON)
                : file(request.against());
      }
      if (convert.response() != null) {
        if (response == null || response.against() == Against.OpenApi.OPENAPI) {
          responsesOf(operation, convert.response(), responses);
        } else {
          DocumentType type = file(response.against());
          if (type != null) {
            responses.put(MessageTypes.DEFAULT, type);
          }
        }
      }
      return new MessageTypes(requestType, responses, false);
    }

    private @Nullable DocumentType requestOf(
        @Nullable OperationConfig operation, boolean isXmlSent) {
      OpenApiOperation declared = declared(operation);
      return declared == null || declared.body() == null
          ? null
          : media(declared.body().content(), isXmlSent);
    }

    private void responsesOf(
        @Nullable OperationConfig operation,
        MessagesConfig.Response target,
        Map<String, DocumentType> into) {
      OpenApiOperation declared = declared(operation);
      if (declared == null) {
        return;
      }
      boolean isXml = target instanceof MessagesConfig.Response.To to && to.target() == Target.XML;
      for (OpenApiResponse response : declared.responses()) {
        DocumentType type = media(response.content(), isXml);
        if (type != null) {
          into.put(response.status(), type);
        }
      }
    }

    /** The schema of the family that clients see, or else of the other one. */
    private @Nullable DocumentType media(List<OpenApiMedia> content, boolean isXmlFirst) {
      OpenApiMedia found = null;
      for (OpenApiMedia media : content) {
        boolean isXml = media.range().endsWith("/xml") || media.range().endsWith("+xml");
        boolean isJson = media.range().endsWith("/json") || media.range().endsWith("+json");
        if (media.schema() != null && (isXml || isJson)) {
          if (found == null || isXml == isXmlFirst) {
            found = media;
          }
          if (isXml == isXmlFirst) {
            break;
          }
        }
      }
      SchemaTypes types = documentTypes;
      return found == null || found.schema() == null || types == null
          ? null
          : types.document(found.schema().node());
    }

    private @Nullable OpenApiOperation declared(@Nullable OperationConfig operation) {
      Path openApi = api.openapi();
      if (openApi == null || operation == null) {
        return null;
      }
      if (!isOpened) {
        isOpened = true;
        openBlocking(openApi);
      }
      OpenApiDocument known = document;
      return known == null ? null : known.operation(operation.match().shape());
    }

    private void openBlocking(Path path) {
      OpenApiReader reader = new OpenApiReader(folder);
      try {
        OpenApiDocument read = reader.readBlocking(path);
        int before = problems.size();
        reader
            .problems()
            .forEach(problem ->
                problems.add(
                    Diagnostic.error(problem.location(), problem.path(), problem.message())));
        if (problems.size() == before) {
          document = read;
          documentTypes = new SchemaTypes(reader.schemas(), problems);
        }
      } catch (IOException e) {
        unreadable(path, e);
      }
    }

    private @Nullable DocumentType file(@Nullable Against against) {
      return switch (against) {
        case Against.JsonSchema schema ->
            files.computeIfAbsent(schema.file(), this::jsonSchemaBlocking);
        case Against.Xsd xsd ->
            files.computeIfAbsent(
                xsd.file(), path -> XsdTypes.ofFileBlocking(folder, path, problems));
        case Against.OpenApi _ -> null;
        case null -> null;
      };
    }

    private @Nullable DocumentType jsonSchemaBlocking(Path path) {
      SchemaIndex index = new SchemaIndex(folder);
      try {
        index.addFileBlocking(path);
        index
            .problems()
            .forEach(problem ->
                problems.add(
                    Diagnostic.error(problem.location(), problem.path(), problem.message())));
        SchemaFile file = index.documents().get(folder.iri(path));
        ConfigNode tree = file == null ? null : file.tree();
        return tree == null || !index.problems().isEmpty()
            ? null
            : new SchemaTypes(index, problems).document(tree);
      } catch (IOException e) {
        unreadable(path, e);
        return null;
      }
    }

    private void unreadable(Path path, IOException e) {
      problems.add(
          Diagnostic.error(
              Location.ofFile(folder.label(path)), "", "cannot be read: " + e.getMessage()));
    }
  }
}
