package tollgate.handlers.validate;

import static java.util.Objects.requireNonNull;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.resource.InputStreamSource;
import com.networknt.schema.serialization.DefaultNodeReader;
import com.networknt.schema.serialization.NodeReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tollgate.config.openapi.SchemaPlace;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.Draft;
import tollgate.config.schema.Located;
import tollgate.config.schema.Pointer;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.Quoted;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.TextProblem;
import tools.jackson.databind.JsonNode;

/**
 * Compiles JSON Schemas by the library of networknt. One thread; blocks on files. Nothing is ever
 * fetched: the library is given the files of the configuration folder and has its own meta-schemas.
 */
final class JsonSchemas {
  private static final int MAX_PROBLEMS = 20;

  private final SchemaIndex index;
  private final List<Diagnostic> problems;
  private final Map<String, EcmaPattern> patterns = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> nodes = new HashMap<>();
  private int checkedPatterns;
  private boolean hasBadPatterns;

  /**
   * @param index knows every file that is needed
   * @param problems gets what is wrong
   */
  JsonSchemas(SchemaIndex index, List<Diagnostic> problems) {
    this.index = index;
    this.problems = problems;
  }

  /**
   * The schema that a file is; null, and a problem, if it cannot be used.
   *
   * @param assertFormats whether formats are compared, which JSON Schema leaves to the reader
   */
  static @Nullable JsonChecker ofFileBlocking(
      SchemaFolder folder, Path path, boolean assertFormats, List<Diagnostic> problems) {
    SchemaIndex index = new SchemaIndex(folder);
    try {
      index.addFileBlocking(path);
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              Location.ofFile(folder.label(path)), "", "cannot be read: " + e.getMessage()));
      return null;
    }
    return new JsonSchemas(index, problems).file(folder.iri(path), assertFormats);
  }

  private @Nullable JsonChecker file(String iri, boolean assertFormats) {
    int before = problems.size();
    index.problems().forEach(problem -> problems.add(diagnostic(problem)));
    SchemaFile file = index.documents().get(iri);
    if (problems.size() > before || file == null) {
      return null;
    }
    ConfigNode tree = requireNonNull(file.tree(), "a file that was indexed has a tree");
    checkPatterns();
    Draft draft = index.draft(tree);
    index.documents().values().stream()
        .distinct()
        .forEach(document -> checkForm(requireNonNull(document.tree()), draft));
    return problems.size() > before
        ? null
        : compiled(registry(draft), iri, tree, LibraryChecker.Sense.ANY, assertFormats);
  }

  /** Whether a schema says itself what it is written in, and that is a file of the folder. */
  private static boolean hasOwnMetaSchema(ConfigNode schema) {
    return schema instanceof MapNode map
        && map.value("$schema") instanceof ScalarNode named
        && Draft.of(named.text()) == null;
  }

  /** The schema at a place of an OpenAPI document; as {@link #ofFileBlocking}. */
  @Nullable JsonChecker place(SchemaPlace place, Draft draft, LibraryChecker.Sense sense) {
    int before = problems.size();
    checkForm(place.node(), draft);
    return problems.size() > before || hasBadPatterns
        ? null
        : compiled(openApiRegistry(draft), place.iri(), place.node(), sense, true);
  }

  private @Nullable SchemaRegistry openApi;

  private SchemaRegistry openApiRegistry(Draft draft) {
    SchemaRegistry known = openApi;
    if (known == null) {
      known = registry(draft);
      openApi = known;
    }
    return known;
  }

  /** Patterns of all schemas in the index that were not looked at before. */
  void checkPatterns() {
    List<Located> all = index.patterns();
    for (; checkedPatterns < all.size(); checkedPatterns++) {
      Located pattern = all.get(checkedPatterns);
      try {
        patterns.computeIfAbsent(pattern.text(), EcmaPattern::compile);
      } catch (IllegalArgumentException e) {
        String message = Quoted.of(pattern.text()) + " " + e.getMessage();
        problems.add(Diagnostic.error(pattern.location(), "", message));
        hasBadPatterns = true;
      }
    }
  }

  /** Compares a schema with its meta-schema. */
  private void checkForm(ConfigNode schema, Draft inherited) {
    if (hasOwnMetaSchema(schema)) {
      return;
    }
    Draft draft = inherited == Draft.OPENAPI_3_0 ? inherited : index.draft(schema, inherited);
    Schema form = MetaSchemas.of(draft);
    int found = 0;
    for (Error error : form.validate(TreeNodes.of(schema))) {
      String keyword = error.getKeyword();
      boolean isLenient = draft == Draft.OPENAPI_3_0 && "minItems".equals(keyword);
      if (!isLenient && found++ < MAX_PROBLEMS) {
        String pointer = error.getInstanceLocation().toString();
        problems.add(
            Diagnostic.error(
                Pointer.nearest(schema, pointer),
                pointer.isEmpty() ? "" : Quoted.escaped(pointer.substring(1)),
                "is not as "
                    + MetaSchemas.form(draft).iri()
                    + " wants it: "
                    + LibraryChecker.message(error)));
      }
    }
  }

  private @Nullable JsonChecker compiled(
      SchemaRegistry registry,
      String iri,
      ConfigNode node,
      LibraryChecker.Sense sense,
      boolean assertFormats) {
    try {
      Schema schema = registry.getSchema(SchemaLocation.of(iri));
      schema.initializeValidators();
      return new LibraryChecker(schema, sense, assertFormats);
    } catch (SchemaException | StackOverflowError e) {
      String reason =
          e instanceof StackOverflowError
              ? "is nested too deeply"
              : "cannot be used: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      problems.add(Diagnostic.error(node.location(), "", reason));
      return null;
    }
  }

  private SchemaRegistry registry(Draft draft) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .regularExpressionFactory(
                // The format regex asks for patterns of messages: those are not kept.
                pattern -> {
                  EcmaPattern known = patterns.get(pattern);
                  return known == null ? EcmaPattern.compile(pattern) : known;
                })
            .preloadSchema(true)
            .cacheRefs(true)
            .build();
    return SchemaRegistry.withDefaultDialect(
        dialect(draft),
        builder ->
            builder
                .schemaRegistryConfig(config)
                .nodeReader(new Trees())
                .schemaLoader(loader ->
                    loader
                        .fetchRemoteResources(false)
                        .resourceLoaders(loaders -> loaders.add(this::resource))));
  }

  static Dialect dialect(Draft draft) {
    return switch (draft) {
      case DRAFT_4 -> Dialects.getDraft4();
      case DRAFT_6 -> Dialects.getDraft6();
      case DRAFT_7 -> Dialects.getDraft7();
      case DRAFT_2019_09 -> Dialects.getDraft201909();
      case DRAFT_2020_12 -> Dialects.getDraft202012();
      case OPENAPI_3_0 -> Dialects.getOpenApi30();
      case OPENAPI_3_1 -> Dialects.getOpenApi31();
    };
  }

  private @Nullable InputStreamSource resource(AbsoluteIri iri) {
    SchemaFile file = index.documents().get(iri.toString());
    if (file == null) {
      return null;
    }
    return () ->
        new TreeStream(
            nodes.computeIfAbsent(
                file.iri(), _ -> TreeNodes.of(requireNonNull(file.tree(), "indexed"))));
  }

  private static Diagnostic diagnostic(TextProblem problem) {
    return Diagnostic.error(problem.location(), problem.path(), problem.message());
  }

  /** Carries a tree past the library's reading of bytes. */
  private static final class TreeStream extends ByteArrayInputStream {
    final JsonNode tree;

    TreeStream(JsonNode tree) {
      super(new byte[0]);
      this.tree = tree;
    }
  }

  /** Takes the trees we have; reads the library's own resources as it does. */
  private static final class Trees implements NodeReader {
    private final NodeReader own = DefaultNodeReader.builder().build();

    @Override
    public JsonNode readTree(String content, InputFormat format) {
      return own.readTree(content, format);
    }

    @Override
    public JsonNode readTree(InputStream content, InputFormat format) {
      return content instanceof TreeStream stream ? stream.tree : own.readTree(content, format);
    }
  }
}
