package tollgate.config.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.openapi.OpenApiDocument;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.text.ContentHash;
import tollgate.config.text.Location;
import tollgate.config.text.Nearest;
import tollgate.config.text.Quoted;

/**
 * Puts the documents of all files together and checks what only shows then. One thread, used once.
 */
final class Assembly {
  /** More problems than this are counted, not shown. */
  static final int MAX_PROBLEMS = 1000;

  private static final int MAX_HINTS = 100;
  private static final int MAX_REFERENCED_BYTES = 16 * 1024 * 1024;

  private final Path root;
  private final Path shownRoot;
  private final SchemaFiles schemas;
  private final SchemaFolder schemaFolder;
  private final Set<Path> files = new LinkedHashSet<>();
  private final Set<Path> referenced = new TreeSet<>();
  private final List<FileReading.Document> documents = new ArrayList<>();
  private final List<Reading.Mention> mentions = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<Path, String> hashes = new HashMap<>();
  private final Set<String> looseNames = new HashSet<>();
  private final Set<Path> shownSchemas = new HashSet<>();
  private boolean complete = true;
  private boolean mainRead;

  /**
   * @param shownRoot the root folder as problems print it
   */
  Assembly(Path root, Path shownRoot, ConfigFolder folder, SchemaFiles schemas) {
    this.root = root;
    this.shownRoot = shownRoot;
    this.schemas = schemas;
    this.schemaFolder = new SchemaFolder(root, shownRoot);
    diagnostics.addAll(folder.diagnostics());
  }

  void add(ConfigFolder.ConfigFile file, FileReading.Result result) {
    files.add(file.path().toAbsolutePath().normalize());
    documents.addAll(result.documents());
    mentions.addAll(result.mentions());
    diagnostics.addAll(result.diagnostics());
    looseNames.addAll(result.looseNames());
    complete &= result.complete();
    if (file.isMain()) {
      mainRead = result.complete();
      checkOneGateway(file, result);
    }
  }

  void unreadable(Diagnostic problem) {
    diagnostics.add(problem);
    complete = false;
  }

  /** Files other than the configuration's own, known after {@link #finishBlocking}. */
  Set<Path> referencedFiles() {
    return referenced;
  }

  Loaded<GatewayConfiguration> finishBlocking(Set<Path> substituted) {
    referenced.addAll(substituted);
    Map<String, Map<String, Location>> names = declaredNames();
    if (complete) {
      checkMentions(names); // what is missing might stand in a file that could not be read
    }
    List<Declared<GatewayConfig>> gateways = new ArrayList<>();
    List<Declared<UpstreamConfig>> upstreams = new ArrayList<>();
    List<Declared<ApiConfig>> apis = new ArrayList<>();
    List<Declared<PolicyConfig>> policies = new ArrayList<>();
    for (FileReading.Document document : documents) {
      String hash = hashWithFilesBlocking(document);
      switch (document.value()) {
        case GatewayConfig gateway -> gateways.add(declared(gateway, document, hash));
        case UpstreamConfig upstream -> upstreams.add(declared(upstream, document, hash));
        case ApiConfig api ->
            apis.add(declared(withOpenApiBlocking(api, document), document, hash));
        case PolicyConfig policy -> policies.add(declared(policy, document, hash));
        case null -> {}
        default ->
            throw new IllegalStateException(
                document.kind().name() + " has no place in the configuration");
      }
    }
    boolean valid =
        diagnostics.stream().noneMatch(Diagnostic::isError) && mainRead && gateways.size() == 1;
    List<Diagnostic> sorted = sorted();
    return valid
        ? new Loaded.Valid<>(
            new GatewayConfiguration(
                root, shownRoot, gateways.getFirst(), upstreams, apis, policies, files, referenced),
            sorted)
        : new Loaded.Invalid<>(sorted);
  }

  private void checkOneGateway(ConfigFolder.ConfigFile file, FileReading.Result result) {
    List<FileReading.Document> gateways =
        result.documents().stream()
            .filter(document -> document.kind().name().equals("Gateway"))
            .toList();
    if (gateways.isEmpty() && result.complete()) {
      Location place = Location.ofFile(file.label());
      diagnostics.add(
          Diagnostic.error(place, "", "holds no Gateway (expected: one document of kind Gateway)"));
    }
    for (FileReading.Document second :
        gateways.subList(Math.min(1, gateways.size()), gateways.size())) {
      String message = "second Gateway (first at " + gateways.getFirst().start() + ")";
      diagnostics.add(Diagnostic.error(second.start(), "kind", message));
    }
  }

  /** By kind, the names and where they are declared; two of the same name are a problem. */
  private Map<String, Map<String, Location>> declaredNames() {
    Map<String, Map<String, Location>> names = new HashMap<>();
    for (FileReading.Document document : documents) {
      String identity = document.identity();
      if (identity == null) {
        continue;
      }
      Location first =
          names
              .computeIfAbsent(document.kind().name(), _ -> new HashMap<>())
              .putIfAbsent(identity, document.place());
      if (first != null) {
        String message =
            "second "
                + document.kind().name()
                + " "
                + Quoted.of(identity)
                + " (first at "
                + first
                + ")";
        diagnostics.add(Diagnostic.error(document.place(), "name", message));
      }
    }
    return names;
  }

  private void checkMentions(Map<String, Map<String, Location>> names) {
    int hints = 0;
    for (Reading.Mention mention : mentions) {
      Set<String> known = names.getOrDefault(mention.kind(), Map.of()).keySet();
      if (!known.contains(mention.name()) && !looseNames.contains(mention.name())) {
        // Looking for the nearest of many names is slow; a few hints are enough.
        String hint = hints++ < MAX_HINTS ? Nearest.hint(mention.name(), known) : "";
        String message =
            "no " + mention.kind() + " has the name " + Quoted.of(mention.name()) + hint;
        diagnostics.add(Diagnostic.error(mention.location(), mention.path(), message));
      }
    }
  }

  private static <T> Declared<T> declared(T value, FileReading.Document document, String hash) {
    return new Declared<>(value, document.start(), hash);
  }

  /** The hash of a document and of the files it names; a file that cannot be read is a problem. */
  private String hashWithFilesBlocking(FileReading.Document document) {
    if (document.files().isEmpty()) {
      return document.contentHash();
    }
    StringBuilder all = new StringBuilder(document.contentHash());
    for (Reading.FileMention mention : document.files()) {
      referenced.add(mention.file());
      SchemaKind kind = mention.kind();
      String hash = kind == null ? hashBlocking(mention) : schemaHashBlocking(mention, kind);
      all.append(' ').append(hash == null ? "" : hash);
    }
    return ContentHash.of(all.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** The hash of a schema and of all that it refers to; what is wrong with it is a problem. */
  private String schemaHashBlocking(Reading.FileMention mention, SchemaKind kind) {
    SchemaFiles.Looked looked = schemas.lookBlocking(schemaFolder, mention.file(), kind);
    referenced.addAll(looked.files());
    String unreadable = looked.unreadable();
    if (unreadable != null) {
      String message = Quoted.of(mention.written()) + " cannot be read: " + unreadable;
      diagnostics.add(Diagnostic.error(mention.location(), mention.path(), message));
    }
    if (shownSchemas.add(mention.file())) {
      looked.problems().forEach(problem -> diagnostics.add(Diagnostic.of(problem)));
    }
    return String.join(" ", looked.hashes().values());
  }

  /** An API that lists no operations has those of its OpenAPI document. */
  private ApiConfig withOpenApiBlocking(ApiConfig api, FileReading.Document document) {
    Path file = api.openapi();
    OpenApiDocument openApi =
        file == null
            ? null
            : schemas.lookBlocking(schemaFolder, file, SchemaKind.OPENAPI).openApi();
    if (openApi == null) {
      return api;
    }
    if (api.operations().isEmpty()) {
      if (openApi.operations().isEmpty()) {
        // Without operations everything would be offered.
        String message = "offers no operation (expected: at least one, or operations beside it)";
        diagnostics.add(Diagnostic.error(document.start(), "openapi", message));
      }
      return api.withOperations(OpenApiOperations.of(openApi));
    }
    OpenApiOperations.unchecked(api, openApi)
        .forEach(message ->
            diagnostics.add(Diagnostic.warning(document.start(), "operations", message)));
    return api;
  }

  private @Nullable String hashBlocking(Reading.FileMention mention) {
    String known = hashes.get(mention.file());
    if (known != null) {
      return known;
    }
    try {
      byte[] bytes = RootFiles.readBlocking(mention.file(), MAX_REFERENCED_BYTES);
      if (bytes.length > MAX_REFERENCED_BYTES) {
        throw new IOException("more than " + MAX_REFERENCED_BYTES + " bytes");
      }
      String hash = ContentHash.of(bytes);
      hashes.put(mention.file(), hash);
      return hash;
    } catch (IOException e) {
      String message = Quoted.of(mention.written()) + " cannot be read: " + RootFiles.reason(e);
      diagnostics.add(Diagnostic.error(mention.location(), mention.path(), message));
      return null;
    }
  }

  /**
   * In order of file and place. When there are too many, the first are kept and the rest is
   * counted.
   */
  private List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(diagnostics);
    sorted.sort(Comparator.comparing(Diagnostic::location));
    if (sorted.size() <= MAX_PROBLEMS) {
      return sorted;
    }
    sorted.sort(Comparator.comparing(Diagnostic::severity).thenComparing(Diagnostic::location));
    List<Diagnostic> cut = new ArrayList<>(sorted.subList(0, MAX_PROBLEMS));
    Diagnostic next = sorted.get(MAX_PROBLEMS);
    String message = "and " + (sorted.size() - MAX_PROBLEMS) + " more problems from here on";
    cut.add(new Diagnostic(next.severity(), next.location(), "", message));
    return cut;
  }
}
