package tollgate.config.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationMatch;
import tollgate.config.openapi.OpenApiParameter.In;
import tollgate.config.openapi.OpenApiParameter.Style;
import tollgate.config.schema.Draft;
import tollgate.config.schema.Pointer;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.Nearest;
import tollgate.config.text.Quoted;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.TextProblem;

/**
 * Reads an OpenAPI document and what it refers to. One thread, used once; blocks on files.
 *
 * <p>Read is what concerns the requests and responses of {@code paths}: operations, parameters,
 * bodies, responses and their schemas. Servers, security, callbacks, webhooks, links and examples
 * are passed over, as are keys that nobody knows.
 *
 * <p>More than 400 lines in one class: one document, read from top to bottom.
 */
public final class OpenApiReader {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** OpenAPI 3.0.4, "Parameter Object": parameters with these names are ignored. */
  private static final Set<String> IGNORED_HEADERS =
      Set.of("accept", "content-type", "authorization");

  private static final int MAX_PROBLEMS = 100;

  private final SchemaFolder folder;
  private final SchemaIndex index;
  private final List<TextProblem> problems = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private Draft draft = Draft.OPENAPI_3_1;
  private @Nullable ParameterTypes types;

  public OpenApiReader(SchemaFolder folder) {
    this.folder = folder;
    this.index = new SchemaIndex(folder);
  }

  /** What is wrong; the document is of no use then. */
  public List<TextProblem> problems() {
    List<TextProblem> all = new ArrayList<>(problems);
    all.addAll(index.problems());
    return all;
  }

  /** The schemas of the document and of the files it refers to. */
  public SchemaIndex schemas() {
    return index;
  }

  /**
   * Reads a document.
   *
   * @throws IOException with the reason in words if the file cannot be read
   */
  public OpenApiDocument readBlocking(Path path) throws IOException {
    SchemaFile file = folder.treeBlocking(path);
    OpenApiDocument nothing = new OpenApiDocument("", "", draft, List.of());
    TextProblem unreadable = file.problem();
    ConfigNode tree = file.tree();
    if (unreadable != null) {
      problems.add(unreadable);
      return nothing;
    }
    Place root = new Place(requireNonNull(tree), "", file);
    if (!(tree instanceof MapNode map) || !hasGoodVersion(map)) {
      if (!(tree instanceof MapNode)) {
        problem(root, "is no map (expected: an OpenAPI document)");
      }
      return nothing;
    }
    index.register(file, draft);
    types = new ParameterTypes(index, draft);
    List<OpenApiOperation> operations = new ArrayList<>();
    Place paths = root.child("paths");
    if (paths != null) {
      readPaths(paths, operations);
    }
    return new OpenApiDocument(info(map, "title"), info(map, "version"), draft, operations);
  }

  /** A node, and how it is reached: a pointer in its file. */
  private record Place(ConfigNode node, String pointer, SchemaFile file) {
    @Nullable Place child(String key) {
      ConfigNode child = node instanceof MapNode map ? map.value(key) : null;
      return child == null ? null : at(key, child);
    }

    Place at(String key, ConfigNode child) {
      return new Place(child, pointer + "/" + Pointer.escaped(key), file);
    }

    String iri() {
      return file.iri() + "#" + encoded(pointer);
    }

    /** RFC 3986 3.5: what a fragment may hold as it is; the rest of a pointer is encoded. */
    private static String encoded(String pointer) {
      StringBuilder out = new StringBuilder(pointer.length() + 8);
      for (byte b : pointer.getBytes(UTF_8)) {
        char c = (char) (b & 0xff);
        boolean isPlain =
            c < 0x80 && (Character.isLetterOrDigit(c) || "-._~!$&'()*+,;=:@/?".indexOf(c) >= 0);
        if (isPlain) {
          out.append(c);
        } else {
          out.append(String.format("%%%02X", (int) c));
        }
      }
      return out.toString();
    }
  }

  private boolean hasGoodVersion(MapNode map) {
    MapNode.Entry entry = map.entry("openapi");
    if (entry == null) {
      String message =
          map.entry("swagger") == null
              ? "has no key openapi (expected: openapi: 3.0.x or 3.1.x)"
              : "is of Swagger 2.0 (expected: OpenAPI 3.0 or 3.1)";
      problems.add(new TextProblem(map.location(), "", message));
      return false;
    }
    String version = entry.value() instanceof ScalarNode scalar ? scalar.text() : "";
    if (version.matches("3\\.0(\\.\\d+)?(-.*)?")) {
      draft = Draft.OPENAPI_3_0;
    } else if (version.matches("3\\.1(\\.\\d+)?(-.*)?")) {
      draft = Draft.OPENAPI_3_1;
      return hasGoodDialect(map);
    } else {
      problems.add(
          new TextProblem(
              entry.value().location(),
              "openapi",
              Quoted.of(version) + " is no version that is known (expected: 3.0.x or 3.1.x)"));
      return false;
    }
    return true;
  }

  private boolean hasGoodDialect(MapNode map) {
    if (map.value("jsonSchemaDialect") instanceof ScalarNode dialect) {
      Draft named = Draft.of(dialect.text());
      if (named == null || named == Draft.OPENAPI_3_0) {
        problems.add(
            new TextProblem(
                dialect.location(),
                "jsonSchemaDialect",
                Quoted.of(dialect.text())
                    + " is no dialect that is known (expected e.g. "
                    + Draft.OPENAPI_3_1.iri()
                    + ")"));
        return false;
      }
      draft = named;
    }
    return true;
  }

  private static String info(MapNode map, String key) {
    return map.value("info") instanceof MapNode info && info.value(key) instanceof ScalarNode text
        ? text.text()
        : "";
  }

  private void readPaths(Place paths, List<OpenApiOperation> operations) {
    Map<String, String> shapes = new HashMap<>();
    for (MapNode.Entry entry : entries(paths)) {
      if (!entry.key().startsWith("/")) {
        if (!entry.key().startsWith("x-")) {
          problems.add(
              new TextProblem(
                  entry.location(),
                  "paths",
                  Quoted.of(entry.key()) + " is no path (expected: one that begins with a slash)"));
        }
        continue;
      }
      Place item = followed(paths.at(entry.key(), entry.value()));
      if (item != null) {
        readPath(entry, item, shapes, operations);
      }
    }
  }

  private void readPath(
      MapNode.Entry path,
      Place item,
      Map<String, String> shapes,
      List<OpenApiOperation> operations) {
    List<Place> shared = listed(item.child("parameters"));
    for (MapNode.Entry entry : entries(item)) {
      if (METHODS.contains(entry.key())) {
        OperationMatch match = match(entry, path);
        if (match != null) {
          String other = shapes.putIfAbsent(match.shape(), path.key());
          if (other == null) {
            operations.add(operation(match, item.at(entry.key(), entry.value()), shared));
          } else {
            problems.add(
                new TextProblem(
                    path.location(),
                    "paths",
                    Quoted.of(path.key()) + " takes the same requests as " + Quoted.of(other)));
          }
        }
      }
    }
  }

  private @Nullable OperationMatch match(MapNode.Entry method, MapNode.Entry path) {
    try {
      return OperationMatch.parse(method.key().toUpperCase(Locale.ROOT) + " " + path.key());
    } catch (IllegalArgumentException e) {
      String message = Quoted.of(path.key()) + " " + e.getMessage();
      TextProblem problem = new TextProblem(path.location(), "paths", message);
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
      return null;
    }
  }

  private OpenApiOperation operation(OperationMatch match, Place place, List<Place> shared) {
    Map<String, OpenApiParameter> parameters = new LinkedHashMap<>();
    shared.forEach(parameter -> readParameter(parameter, parameters, null));
    Set<String> own = new HashSet<>();
    listed(place.child("parameters"))
        .forEach(parameter -> readParameter(parameter, parameters, own));
    checkPathParameters(match, parameters);
    Place body = place.child("requestBody");
    Place followed = body == null ? null : followed(body);
    List<OpenApiResponse> responses = new ArrayList<>();
    Place declared = place.child("responses");
    if (declared != null) {
      for (MapNode.Entry entry : entries(declared)) {
        readResponse(declared.at(entry.key(), entry.value()), entry, responses);
      }
    }
    return new OpenApiOperation(
        id(match, place),
        match,
        place.node().location(),
        List.copyOf(parameters.values()),
        followed == null ? null : new OpenApiBody(isTrue(followed, "required"), content(followed)),
        responses);
  }

  private String id(OperationMatch match, Place place) {
    String named = text(place, "operationId");
    String given =
        named != null ? named : match.toString().replace(" /", "-").toLowerCase(Locale.ROOT);
    String name = given.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|-+$", "");
    String cut = name.isEmpty() ? "operation" : name.substring(0, Math.min(name.length(), 120));
    String unique = cut;
    for (int i = 2; !ids.add(unique); i++) {
      unique = cut + "-" + i;
    }
    return unique;
  }

  private void checkPathParameters(OperationMatch match, Map<String, OpenApiParameter> parameters) {
    for (OpenApiParameter parameter : parameters.values()) {
      if (parameter.in() == In.PATH && !match.path().parameters().contains(parameter.name())) {
        problems.add(
            new TextProblem(
                parameter.location(),
                "",
                "the path parameter "
                    + Quoted.of(parameter.name())
                    + " is not in the path "
                    + match.path()
                    + Nearest.hint(parameter.name(), match.path().parameters())));
      }
    }
  }

  /**
   * @param own the keys of those that were read from this list; null for the list of the path,
   *     whose parameters the operation's replace
   */
  private void readParameter(
      Place place, Map<String, OpenApiParameter> parameters, @Nullable Set<String> own) {
    Place followed = followed(place);
    if (followed == null) {
      return;
    }
    String name = text(followed, "name");
    String where = text(followed, "in");
    In in = null;
    for (In candidate : In.values()) {
      if (candidate.word().equals(where)) {
        in = candidate;
      }
    }
    if (name == null || in == null) {
      problem(
          followed,
          name == null
              ? "a parameter without a name"
              : where == null
                  ? "the parameter " + Quoted.of(name) + " does not say where it is (expected: in)"
                  : Quoted.of(where) + " is no place (expected: path, query, header or cookie)");
      return;
    }
    if (in == In.HEADER && IGNORED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      return;
    }
    String key = in.word() + " " + (in == In.HEADER ? name.toLowerCase(Locale.ROOT) : name);
    if (own != null && !own.add(key)) {
      problem(followed, "the parameter " + Quoted.of(name) + " is there twice");
      return;
    }
    OpenApiParameter parameter = parameter(followed, name, in);
    if (parameter != null) {
      parameters.put(key, parameter);
    }
  }

  private @Nullable OpenApiParameter parameter(Place place, String name, In in) {
    boolean isRequired = isTrue(place, "required");
    if (in == In.PATH && !isRequired) {
      problem(
          place,
          "the path parameter " + Quoted.of(name) + " is not required (expected: required: true)");
      return null;
    }
    Place schema = place.child("schema");
    Place content = place.child("content");
    boolean isJson = false;
    if (content != null) {
      List<MapNode.Entry> media = entries(content);
      if (media.size() != 1) {
        problem(content, "holds " + media.size() + " media types (expected: one)");
        return null;
      }
      MapNode.Entry only = media.getFirst();
      isJson = isJson(only.key());
      schema = isJson ? content.at(only.key(), only.value()).child("schema") : null;
    }
    Style style = style(place, in);
    if (style == null) {
      return null;
    }
    SchemaPlace checked = schema(schema);
    String explode = text(place, "explode");
    return new OpenApiParameter(
        name,
        in,
        style,
        explode == null ? style == Style.FORM : explode.equals("true"),
        isRequired,
        isJson,
        checked == null || isJson
            ? ParameterType.Single.TEXT
            : requireNonNull(types).of(checked.node(), requireNonNull(schema).file()),
        checked,
        place.node().location());
  }

  private @Nullable Style style(Place place, In in) {
    String word = text(place, "style");
    if (word == null) {
      return in.defaultStyle();
    }
    for (Style style : Style.values()) {
      if (style.word().equals(word) && in.takes(style)) {
        return style;
      }
    }
    problem(place, Quoted.of(word) + " is no style of parameters in " + in.word());
    return null;
  }

  private void readResponse(Place place, MapNode.Entry entry, List<OpenApiResponse> into) {
    if (entry.key().startsWith("x-")) {
      return;
    }
    String status = entry.key().toUpperCase(Locale.ROOT);
    boolean isDefault = entry.key().equals("default");
    if (!isDefault && !status.matches("[1-5](?:[0-9]{2}|XX)")) {
      problems.add(
          new TextProblem(
              entry.location(),
              "",
              Quoted.of(entry.key()) + " is no status (expected e.g. 200, 2XX or default)"));
      return;
    }
    Place followed = followed(place);
    if (followed == null) {
      return;
    }
    List<OpenApiParameter> headers = new ArrayList<>();
    Place declared = followed.child("headers");
    if (declared != null) {
      for (MapNode.Entry header : entries(declared)) {
        Place where = followed(declared.at(header.key(), header.value()));
        if (where != null && !header.key().equalsIgnoreCase("content-type")) {
          OpenApiParameter read = parameter(where, header.key(), In.HEADER);
          if (read != null) {
            headers.add(read);
          }
        }
      }
    }
    into.add(new OpenApiResponse(isDefault ? "default" : status, content(followed), headers));
  }

  private List<OpenApiMedia> content(Place place) {
    Place content = place.child("content");
    List<OpenApiMedia> media = new ArrayList<>();
    if (content != null) {
      for (MapNode.Entry entry : entries(content)) {
        String range = entry.key().strip().toLowerCase(Locale.ROOT);
        int parameters = range.indexOf(';');
        range = parameters < 0 ? range : range.substring(0, parameters).stripTrailing();
        if (!range.matches("[a-z0-9!#$&^_.+*-]+/[a-z0-9!#$&^_.+*-]+")) {
          problems.add(
              new TextProblem(
                  entry.location(),
                  "",
                  Quoted.of(entry.key()) + " is no media type (expected e.g. application/json)"));
          continue;
        }
        Place item = followed(content.at(entry.key(), entry.value()));
        media.add(new OpenApiMedia(range, item == null ? null : schema(item.child("schema"))));
      }
    }
    return media;
  }

  private static boolean isJson(String mediaType) {
    String plain = mediaType.toLowerCase(Locale.ROOT).replaceAll("\\s*;.*", "").strip();
    return plain.equals("application/json") || plain.endsWith("+json");
  }

  private @Nullable SchemaPlace schema(@Nullable Place place) {
    if (place == null) {
      return null;
    }
    if (!(place.node() instanceof MapNode)
        && !(place.node() instanceof ScalarNode word && word.text().matches("true|false"))) {
      problem(place, "is no schema (expected: a map)");
      return null;
    }
    index.addBlocking(place.node(), place.file(), draft);
    return new SchemaPlace(place.iri(), place.node());
  }

  /** What is meant by a place that may hold a reference; null, and a problem, if nothing is. */
  private @Nullable Place followed(Place place) {
    Place at = place;
    for (int i = 0; at.node() instanceof MapNode map; i++) {
      if (!(map.value("$ref") instanceof ScalarNode reference)) {
        return at;
      }
      if (i == 32) {
        problem(at, "refers to itself, or through too many references");
        return null;
      }
      SchemaIndex.Target target = index.followBlocking(reference, at.file(), draft);
      if (target == null) {
        return null;
      }
      int hash = target.iri().indexOf('#');
      String pointer = hash < 0 ? "" : Pointer.decoded(target.iri());
      at = new Place(target.node(), pointer, target.file());
    }
    problem(at, "is no map (expected: an object of OpenAPI)");
    return null;
  }

  private List<MapNode.Entry> entries(Place place) {
    if (place.node() instanceof MapNode map) {
      return map.entries();
    }
    if (!(place.node() instanceof ScalarNode scalar && scalar.isNull())) {
      problem(place, "is no map");
    }
    return List.of();
  }

  private List<Place> listed(@Nullable Place place) {
    if (place == null) {
      return List.of();
    }
    if (!(place.node() instanceof ListNode list)) {
      problem(place, "is no list");
      return List.of();
    }
    List<Place> items = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      items.add(place.at(Integer.toString(i), list.items().get(i)));
    }
    return items;
  }

  private static @Nullable String text(Place place, String key) {
    return place.node() instanceof MapNode map
            && map.value(key) instanceof ScalarNode scalar
            && !scalar.isNull()
        ? scalar.text()
        : null;
  }

  private static boolean isTrue(Place place, String key) {
    return "true".equals(text(place, key));
  }

  private void problem(Place place, String message) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new TextProblem(place.node().location(), path(place.pointer()), message));
    }
  }

  /** A pointer as problems print paths. */
  private static String path(String pointer) {
    return Quoted.escaped(pointer.startsWith("/") ? pointer.substring(1) : pointer);
  }
}
