package tollgate.config.schema;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.Location;
import tollgate.config.text.MapNode;
import tollgate.config.text.Quoted;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.TextProblem;

/**
 * Some schemas, and all that they refer to: which files, under which IRIs, and whether every
 * reference leads somewhere. One thread, used once; blocks on files.
 *
 * <p>A reference leads to a file of the configuration folder, to a schema with that identifier in
 * one of these files, or to a meta-schema. Where a file calls itself by an identifier of its own, a
 * relative reference that this does not resolve is taken as a file name beside it. Anything else
 * would have to be fetched, and is a problem.
 *
 * <p>Schemas that apply each other to the same value in a circle would never end; the circle is a
 * problem. Recursion through a property or an item is fine.
 *
 * <p>More than 400 lines in one class: the rules of references build on one another.
 */
public final class SchemaIndex {
  /** More subschemas of one set are refused. */
  static final int MAX_SCHEMAS = 100_000;

  /** More problems are not kept. */
  private static final int MAX_PROBLEMS = 100;

  private static final Set<String> SINGLE =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "items",
          "additionalItems",
          "additionalProperties",
          "contains",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "contentSchema");

  private static final Set<String> LISTS =
      Set.of("allOf", "anyOf", "oneOf", "prefixItems", "items");

  private static final Set<String> MAPS =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  /** Those that apply to the same value as the schema they stand in. */
  private static final Set<String> IN_PLACE =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "allOf",
          "anyOf",
          "oneOf",
          "dependentSchemas",
          "dependencies");

  private final SchemaFolder folder;
  private final Map<String, SchemaFile> documents = new LinkedHashMap<>();
  private final Map<String, ConfigNode> resources = new HashMap<>();
  private final Map<String, Draft> drafts = new HashMap<>();
  private final Map<String, ConfigNode> anchors = new HashMap<>();
  private final IdentityHashMap<ConfigNode, Boolean> visited = new IdentityHashMap<>();
  private final IdentityHashMap<ConfigNode, List<Edge>> inPlace = new IdentityHashMap<>();

  /** The keys of {@code inPlace} in the order they came, so that problems are always the same. */
  private final List<ConfigNode> sources = new ArrayList<>();

  private final IdentityHashMap<ConfigNode, ConfigNode> targets = new IdentityHashMap<>();

  private final Deque<Reference> pending = new ArrayDeque<>();
  private final Deque<Walk> walks = new ArrayDeque<>();
  private final List<Located> patterns = new ArrayList<>();
  private final List<TextProblem> problems = new ArrayList<>();
  private boolean tooMany;

  /** A schema still to be looked at. */
  private record Walk(ConfigNode node, String base, Draft draft, SchemaFile file) {}

  /** A {@code $ref} still to be resolved. */
  private record Reference(
      MapNode from, ScalarNode to, String base, Walk walk, boolean isInPlace) {}

  private record Edge(ConfigNode to, Location place) {}

  /** Where a reference leads: the node, the IRI it was found under, its file and draft. */
  public record Target(ConfigNode node, String iri, SchemaFile file, Draft draft) {}

  public SchemaIndex(SchemaFolder folder) {
    this.folder = folder;
  }

  /** What is wrong; nothing else of the index is of use then. */
  public List<TextProblem> problems() {
    return problems;
  }

  /** Files by each IRI that references may find them under. */
  public Map<String, SchemaFile> documents() {
    return Collections.unmodifiableMap(documents);
  }

  /** Regular expressions of all schemas. */
  public List<Located> patterns() {
    return patterns;
  }

  /**
   * Adds a file that is one schema, and all that it refers to.
   *
   * @throws IOException with the reason in words if the file itself cannot be read
   */
  public void addFileBlocking(Path path) throws IOException {
    SchemaFile file = folder.treeBlocking(path);
    ConfigNode tree = tree(file);
    if (tree != null) {
      documents.put(file.iri(), file);
      resources.put(file.iri(), tree);
      walk(new Walk(tree, file.iri(), draft(tree, Draft.DEFAULT), file));
      resolveBlocking();
    }
  }

  /** Where the {@code $ref} of a schema leads; null if it has none, or one to a meta-schema. */
  public @Nullable ConfigNode target(MapNode schema) {
    return targets.get(schema);
  }

  /** The draft that a whole file is written in. */
  public Draft draft(ConfigNode tree) {
    return draft(tree, Draft.DEFAULT);
  }

  /** Adds a schema that stands in a file which is more than a schema. */
  public void addBlocking(ConfigNode schema, SchemaFile file, Draft draft) {
    register(file, draft);
    walk(new Walk(schema, file.iri(), draft, file));
    resolveBlocking();
  }

  /** Lets references find a file that is more than a schema; its schemas are of this draft. */
  public void register(SchemaFile file, Draft draft) {
    ConfigNode tree = file.tree();
    if (tree != null && documents.putIfAbsent(file.iri(), file) == null) {
      resources.put(file.iri(), tree);
      drafts.put(file.iri(), draft);
    }
  }

  /**
   * Follows a reference that is not part of a schema, such as one to a parameter; adds the problem
   * if it leads nowhere.
   *
   * @param draft of the schemas in a file that was not looked at before
   */
  public @Nullable Target followBlocking(ScalarNode reference, SchemaFile from, Draft draft) {
    String iri = Iri.resolve(from.iri(), reference.text());
    if (iri == null) {
      problem(reference, Quoted.of(reference.text()) + " is no reference");
      return null;
    }
    String document = Iri.withoutFragment(iri);
    if (!resources.containsKey(document) && !loadBlocking(document, reference, draft, true)) {
      return null;
    }
    SchemaFile file = documents.get(document);
    ConfigNode node = find(iri);
    if (node == null || file == null) {
      problem(reference, Quoted.of(reference.text()) + " leads nowhere");
      return null;
    }
    return new Target(node, iri, file, draft);
  }

  private @Nullable ConfigNode tree(SchemaFile file) {
    TextProblem problem = file.problem();
    if (problem != null && !problems.contains(problem)) {
      problems.add(problem);
    }
    return file.tree();
  }

  /** The draft of a schema that stands where {@code inherited} holds. */
  public Draft draft(ConfigNode schema, Draft inherited) {
    if (!(schema instanceof MapNode map) || !(map.value("$schema") instanceof ScalarNode named)) {
      return inherited;
    }
    Draft draft = Draft.of(named.text());
    if (draft == null) {
      draft = draftOfFileBlocking(named.text());
    }
    if (draft == null) {
      problem(
          named,
          Quoted.of(named.text())
              + " is no known meta-schema (expected e.g. "
              + Draft.DEFAULT.iri()
              + ")");
      return inherited;
    }
    return draft;
  }

  /**
   * The draft below a meta-schema that is a file of the folder, named by its IRI; the file is read
   * along. Null if it is none, or builds on another one of its kind.
   */
  private @Nullable Draft draftOfFileBlocking(String iri) {
    String document = Iri.withoutFragment(iri);
    Path path = folder.path(document);
    if (path == null) {
      return null;
    }
    try {
      SchemaFile file = folder.treeBlocking(path);
      if (file.tree() instanceof MapNode map && map.value("$schema") instanceof ScalarNode below) {
        documents.put(document, file);
        resources.put(document, map);
        return Draft.of(below.text());
      }
    } catch (IOException _) {
      return null; // said of the $schema that names it
    }
    return null;
  }

  private void walk(Walk first) {
    walks.push(first);
    while (!walks.isEmpty() && !tooMany) {
      Walk next = walks.pop();
      if (next.node() instanceof MapNode map && visited.put(map, true) == null) {
        if (visited.size() > MAX_SCHEMAS) {
          tooMany = true;
          problems.add(
              new TextProblem(
                  map.location(), "", "more than " + MAX_SCHEMAS + " subschemas in one set"));
          return;
        }
        look(map, next);
      }
    }
  }

  private void look(MapNode map, Walk walk) {
    Draft draft = walk.draft().hasIds() ? draft(map, walk.draft()) : walk.draft();
    boolean hasRef = map.value("$ref") instanceof ScalarNode;
    boolean refAlone = hasRef && draft.refStandsAlone();
    String base = refAlone || !draft.hasIds() ? walk.base() : base(map, draft, walk);
    Walk here = new Walk(map, base, draft, walk.file());
    for (MapNode.Entry entry : map.entries()) {
      String key = entry.key();
      ConfigNode value = entry.value();
      if (value instanceof ScalarNode scalar) {
        scalar(key, scalar, map, here, refAlone);
      }
      children(key, value, map, here, !refAlone && IN_PLACE.contains(key));
    }
  }

  private void scalar(String key, ScalarNode value, MapNode map, Walk here, boolean refAlone) {
    switch (key) {
      case "$ref" -> pending.add(new Reference(map, value, here.base(), here, true));
      case "$dynamicRef", "$recursiveRef" -> {
        if (!here.draft().refStandsAlone()) {
          pending.add(new Reference(map, value, here.base(), here, false));
        }
      }
      case "$anchor", "$dynamicAnchor" -> {
        if (!refAlone) {
          anchors.put(here.base() + "#" + value.text(), map);
        }
      }
      case "pattern" -> {
        if (!refAlone) {
          patterns.add(new Located(value.text(), value.location()));
        }
      }
      default -> {}
    }
  }

  private void children(String key, ConfigNode value, MapNode map, Walk here, boolean isInPlace) {
    if (value instanceof MapNode named && MAPS.contains(key)) {
      for (MapNode.Entry child : named.entries()) {
        child(child.value(), map, here, isInPlace);
        if (key.equals("patternProperties")) {
          patterns.add(new Located(child.key(), child.location()));
        }
      }
    } else if (value instanceof ListNode list && LISTS.contains(key)) {
      for (ConfigNode child : list.items()) {
        child(child, map, here, isInPlace);
      }
    } else if (value instanceof MapNode && SINGLE.contains(key)) {
      child(value, map, here, isInPlace);
    }
  }

  private void child(ConfigNode child, MapNode parent, Walk here, boolean isInPlace) {
    walks.push(new Walk(child, here.base(), here.draft(), here.file()));
    if (isInPlace) {
      edge(parent, child, child.location());
    }
  }

  private void edge(ConfigNode from, ConfigNode to, Location place) {
    inPlace
        .computeIfAbsent(
            from,
            _ -> {
              sources.add(from);
              return new ArrayList<>();
            })
        .add(new Edge(to, place));
  }

  /** What references inside a schema resolve against; notes its identifier. */
  private String base(MapNode map, Draft draft, Walk walk) {
    if (!(map.value(draft.idKey()) instanceof ScalarNode id) || id.isNull()) {
      return walk.base();
    }
    String iri = Iri.resolve(walk.base(), id.text());
    if (iri == null) {
      problem(id, Quoted.of(id.text()) + " is no identifier");
      return walk.base();
    }
    String plain = Iri.withoutFragment(iri);
    String fragment = Iri.fragment(iri);
    if (!fragment.isEmpty()) {
      anchors.put(plain + "#" + fragment, map); // draft 4 to 7: an anchor
      return walk.base();
    }
    if (!plain.equals(walk.base())) {
      resources.put(plain, map);
    }
    return plain;
  }

  private void resolveBlocking() {
    List<Reference> waiting = List.of();
    do {
      waiting = withoutResolvedBlocking(waiting);
    } while (!isFull() && hasAliasBlocking(waiting));
    if (!isFull()) {
      waiting.forEach(this::remote);
      checkCircles();
    }
    pending.clear();
  }

  private boolean isFull() {
    return tooMany || problems.size() >= MAX_PROBLEMS;
  }

  /** What is left of the references when no more can be resolved by what is known. */
  private List<Reference> withoutResolvedBlocking(List<Reference> before) {
    List<Reference> waiting = before;
    boolean isMoving = true;
    while (isMoving && !isFull()) {
      List<Reference> round = new ArrayList<>(waiting);
      round.addAll(pending);
      pending.clear();
      waiting = new ArrayList<>();
      for (Reference reference : round) {
        if (!isFull() && !resolvedBlocking(reference)) {
          waiting.add(reference);
        }
      }
      isMoving = waiting.size() < round.size() || !pending.isEmpty();
    }
    return waiting;
  }

  /** Takes one of the references as the name of a file beside; false if there is none such. */
  private boolean hasAliasBlocking(List<Reference> waiting) {
    for (Reference reference : waiting) {
      String text = Iri.withoutFragment(reference.to().text());
      String iri = Iri.resolve(reference.base(), reference.to().text());
      Path beside =
          Iri.hasScheme(text) || text.startsWith("/")
              ? null
              : SchemaFolder.beside(reference.walk().file().path(), text);
      if (iri != null && beside != null && folder.holds(beside)) {
        if (isAliasedBlocking(Iri.withoutFragment(iri), beside, reference.walk().draft())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isAliasedBlocking(String document, Path beside, Draft inherited) {
    try {
      SchemaFile file = folder.treeBlocking(beside);
      ConfigNode tree = tree(file);
      if (tree == null) {
        return false;
      }
      documents.put(document, file);
      resources.put(document, tree);
      walk(new Walk(tree, document, draft(tree, inherited), file));
      return true;
    } catch (IOException _) {
      return false; // said of the reference, as of one that would have to be fetched
    }
  }

  /** Resolves one reference, or says why not; false if nothing is known of its document. */
  private boolean resolvedBlocking(Reference reference) {
    String iri = Iri.resolve(reference.base(), reference.to().text());
    if (iri == null) {
      problem(reference.to(), Quoted.of(reference.to().text()) + " is no reference");
      return true;
    }
    String document = Iri.withoutFragment(iri);
    if (Draft.of(document) != null || isBundled(document)) {
      return true;
    }
    Draft draft = reference.walk().draft();
    if (!resources.containsKey(document)) {
      if (folder.path(document) == null) {
        return false;
      }
      if (!loadBlocking(document, reference.to(), draft, false)) {
        return true;
      }
    }
    ConfigNode target = find(iri);
    if (target == null) {
      problem(reference.to(), Quoted.of(reference.to().text()) + " leads nowhere");
      return true;
    }
    SchemaFile file = documents.getOrDefault(document, reference.walk().file());
    walk(new Walk(target, document, drafts.getOrDefault(document, draft), file));
    if (reference.isInPlace()) {
      targets.put(reference.from(), target);
      edge(reference.from(), target, reference.to().location());
    }
    return true;
  }

  /** The meta-schemas' own parts, which come with the library. */
  private static boolean isBundled(String document) {
    return document.startsWith("https://json-schema.org/draft/2019-09/")
        || document.startsWith("https://json-schema.org/draft/2020-12/");
  }

  private boolean loadBlocking(
      String document, ScalarNode reference, Draft draft, boolean isMoreThanSchema) {
    Path path = folder.path(document);
    if (path == null) {
      remote(reference, document);
      return false;
    }
    try {
      SchemaFile file = folder.treeBlocking(path);
      ConfigNode tree = tree(file);
      if (tree == null) {
        return false;
      }
      if (isMoreThanSchema) {
        register(file, draft);
        return true;
      }
      documents.put(document, file);
      resources.put(document, tree);
      Draft own = draft(tree, draft);
      drafts.put(document, own);
      if (own.hasIds()) {
        walk(new Walk(tree, document, own, file));
      }
      return true;
    } catch (IOException e) {
      problem(reference, Quoted.of(reference.text()) + " cannot be read: " + e.getMessage());
      return false;
    }
  }

  private @Nullable ConfigNode find(String iri) {
    String document = Iri.withoutFragment(iri);
    String fragment = Iri.fragment(iri);
    ConfigNode root = resources.get(document);
    if (root == null || fragment.isEmpty()) {
      return root;
    }
    return fragment.startsWith("/")
        ? Pointer.find(root, fragment)
        : anchors.get(document + "#" + fragment);
  }

  private void remote(Reference reference) {
    String iri = Iri.resolve(reference.base(), reference.to().text());
    remote(reference.to(), iri == null ? reference.to().text() : Iri.withoutFragment(iri));
  }

  private void remote(ScalarNode reference, String document) {
    String what =
        document.startsWith(SchemaFolder.SCHEME + ":")
            ? " lies outside the configuration folder"
            : " would have to be fetched, which is never done";
    problem(
        reference,
        Quoted.of(reference.text()) + what + " (expected: a file in the configuration folder)");
  }

  private void problem(ScalarNode at, String message) {
    TextProblem problem = new TextProblem(at.location(), "", message);
    if (problems.size() < MAX_PROBLEMS && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** Depth first, without recursion: a chain of references may be as long as a file. */
  private void checkCircles() {
    IdentityHashMap<ConfigNode, Boolean> done =
        new IdentityHashMap<>(); // false while it is on the path
    for (ConfigNode start : sources) {
      if (!done.containsKey(start)) {
        Deque<Step> path = new ArrayDeque<>();
        path.push(new Step(start));
        done.put(start, false);
        while (!path.isEmpty()) {
          advance(path, done);
        }
      }
    }
    inPlace.clear();
    sources.clear();
  }

  /** A schema on the path of the search, and which of its edges is next. */
  private static final class Step {
    final ConfigNode node;
    int next;

    Step(ConfigNode node) {
      this.node = node;
    }
  }

  private void advance(Deque<Step> path, IdentityHashMap<ConfigNode, Boolean> done) {
    Step step = path.element();
    List<Edge> edges = inPlace.getOrDefault(step.node, List.of());
    if (step.next == edges.size()) {
      done.put(step.node, true);
      path.pop();
      return;
    }
    Edge edge = edges.get(step.next++);
    Boolean state = done.get(edge.to());
    if (state == null) {
      done.put(edge.to(), false);
      path.push(new Step(edge.to()));
    } else if (!state && problems.size() < MAX_PROBLEMS) {
      problems.add(
          new TextProblem(
              edge.place(),
              "",
              "leads back to a schema that it is part of, for the same value, without end"
                  + " (expected: recursion through a property or an item)"));
    }
  }
}
