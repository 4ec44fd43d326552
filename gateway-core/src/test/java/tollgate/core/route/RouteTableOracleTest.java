package tollgate.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.config.model.PathTemplate;
import tollgate.core.http.Method;

/** The route table against the same rules written down slowly, on random tables and requests. */
class RouteTableOracleTest {
  private static final List<String> HOSTS =
      List.of("a.x", "b.x", "c.a.x", "x", "*.x", "*.a.x", "*");
  private static final List<String> CONTEXTS =
      List.of("", "/a", "/b", "/a/b", "/a/a", "/ab", "/a/b/c", "/c/a");
  private static final List<String> SEGMENTS = List.of("a", "b", "ab", "{}", "{}", "c");
  private static final List<String> METHODS =
      List.of("GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "*", "TRACE", "LOCK");

  private final List<ApiRoutes<String>> apis = new ArrayList<>();

  @Test
  void equalsTheSlowOracle() {
    int operations = 0;
    int pathOnly = 0;
    for (int seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      RouteTable<String> table = table(random);
      for (int i = 0; i < 60; i++) {
        String authority = of(random, List.of("a.x", "b.x:80", "c.a.x.", "d.c.a.x", "x", "y", ""));
        String path = path(random);
        Method method = Method.of(of(random, METHODS).replace("*", "PATCH"));
        String preflight = random.nextInt(3) == 0 ? of(random, METHODS) : null;
        String found = RouteTableTest.text(table.match(authority, path, method, preflight));
        assertThat(found)
            .as("seed %s: %s %s%s, %s in %s", seed, method, authority, path, preflight, apis)
            .isEqualTo(expected(authority, path, method, preflight));
        operations += found.endsWith("]") ? 1 : 0;
        pathOnly += found.startsWith("405") ? 1 : 0;
      }
    }
    assertThat(operations).isGreaterThan(5_000);
    assertThat(pathOnly).isGreaterThan(2_000);
  }

  private RouteTable<String> table(Random random) {
    apis.clear();
    RouteTable.Builder<String> builder = RouteTable.builder();
    Set<String> taken = new HashSet<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      String context = of(random, CONTEXTS);
      Set<String> hosts = new HashSet<>();
      for (int k = random.nextInt(3); k > 0; k--) {
        hosts.add(of(random, HOSTS));
      }
      boolean isFree = true;
      for (String host : hosts.isEmpty() ? Set.of("*") : hosts) {
        isFree &= !taken.contains(host + context);
      }
      if (!isFree) {
        continue;
      }
      for (String host : hosts.isEmpty() ? Set.of("*") : hosts) {
        taken.add(host + context);
      }
      String name = "api" + i;
      ApiRoutes<String> api =
          new ApiRoutes<>(
              name,
              name,
              context,
              List.copyOf(hosts),
              operations(name, random),
              random.nextBoolean());
      apis.add(api);
      builder.add(api);
    }
    assertThat(builder.problems()).isEmpty();
    return builder.build();
  }

  private static List<ApiRoutes.Operation<String>> operations(String api, Random random) {
    Set<String> seen = new HashSet<>();
    List<String> operations = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      StringBuilder template = new StringBuilder();
      for (int k = random.nextInt(4); k > 0; k--) {
        template.append('/').append(of(random, SEGMENTS));
      }
      String shape =
          template + (template.isEmpty() ? "/" : of(random, List.of("", "", "/", "/{*}")));
      String method = of(random, METHODS);
      if (seen.add(method + shape)) {
        operations.add(method + " " + named(shape));
      }
    }
    return RouteTableTest.operations(api, operations.toArray(String[]::new));
  }

  private static String named(String shape) {
    StringBuilder template = new StringBuilder();
    int count = 0;
    for (String segment : shape.substring(1).split("/", -1)) {
      template.append('/').append(segment.replace("{", "{p" + count++));
    }
    return template.toString();
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int k = random.nextInt(7); k > 0; k--) {
      path.append('/').append(of(random, List.of("a", "a", "b", "c", "ab", "z")));
    }
    return path.isEmpty() || random.nextInt(5) == 0 ? path + "/" : path.toString();
  }

  private static <T> T of(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String expected(
      String authority, String path, Method method, @Nullable String preflight) {
    String host = authority.replaceFirst(":.*", "").replaceFirst("\\.$", "");
    ApiRoutes<String> owner =
        apis.stream()
            .filter(api -> hostRank(api, host, path) >= 0)
            .max(
                Comparator.<ApiRoutes<String>>comparingInt(api -> hostRank(api, host, path))
                    .thenComparingInt(api -> api.context().length()))
            .orElse(null);
    if (owner == null) {
      return "none";
    }
    String below = path.substring(owner.context().length());
    List<String> segments = List.of((below.isEmpty() ? "/" : below).substring(1).split("/", -1));
    List<ApiRoutes.Operation<String>> operations =
        owner.operations().stream()
            .filter(operation -> rank(operation.template(), segments) != null)
            .sorted(
                Comparator.comparing(
                    operation -> String.valueOf(rank(operation.template(), segments))))
            .toList();
    if (preflight != null && owner.allowsPreflight() && method.equals(Method.OPTIONS)) {
      String found = served(owner, operations, segments, Method.of(preflight));
      if (found != null) {
        return "preflight " + found;
      }
    }
    String found = served(owner, operations, segments, method);
    return found != null ? found : refusal(owner, operations);
  }

  /** How well a host of the API fits; -1 if none does or the context does not hold the path. */
  private static int hostRank(ApiRoutes<String> api, String host, String path) {
    if (!path.equals(api.context()) && !path.startsWith(api.context() + "/")) {
      return -1;
    }
    int best = api.hosts().isEmpty() ? 0 : -1;
    for (String pattern : api.hosts()) {
      if (pattern.equals("*")) {
        best = Math.max(best, 0);
      } else if (pattern.equals(host)) {
        best = 1000;
      } else if (pattern.startsWith("*.") && host.endsWith(pattern.substring(1))) {
        best = Math.max(best, pattern.length());
      }
    }
    return best;
  }

  /** One letter a segment, best first in the alphabet; null if it does not match. */
  private static @Nullable String rank(PathTemplate template, List<String> segments) {
    StringBuilder rank = new StringBuilder();
    String[] parts = template.text().substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].endsWith("*}")) {
        return segments.size() > i ? rank + "c" : null;
      }
      if (i >= segments.size()) {
        return null;
      }
      boolean isParameter = parts[i].startsWith("{");
      if (isParameter ? segments.get(i).isEmpty() : !parts[i].equals(segments.get(i))) {
        return null;
      }
      rank.append(isParameter ? 'b' : 'a');
    }
    return parts.length == segments.size() ? rank.toString() : null;
  }

  private static @Nullable String served(
      ApiRoutes<String> api,
      List<ApiRoutes.Operation<String>> ranked,
      List<String> segments,
      Method method) {
    if (method.equals(Method.TRACE)) {
      return null;
    }
    if (api.operations().isEmpty()) {
      return api.everything() + "[]";
    }
    List<Method> tries = new ArrayList<>();
    tries.add(method);
    if (method.equals(Method.HEAD)) {
      tries.add(Method.GET);
    }
    tries.add(Method.of("*"));
    for (ApiRoutes.Operation<String> best : ranked) {
      String rank = rank(best.template(), segments);
      for (Method wanted : tries) {
        for (ApiRoutes.Operation<String> operation : ranked) {
          Method declared = operation.method() == null ? Method.of("*") : operation.method();
          if (declared.equals(wanted)
              && Objects.equals(rank(operation.template(), segments), rank)) {
            return operation.route() + captures(operation.template(), segments);
          }
        }
      }
    }
    return null;
  }

  private static List<String> captures(PathTemplate template, List<String> segments) {
    List<String> captures = new ArrayList<>();
    String[] parts = template.text().substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].endsWith("*}")) {
        captures.add(String.join("/", segments.subList(i, segments.size())));
      } else if (parts[i].startsWith("{")) {
        captures.add(segments.get(i));
      }
    }
    return captures;
  }

  private static String refusal(
      ApiRoutes<String> api, List<ApiRoutes.Operation<String>> operations) {
    if (operations.isEmpty() && !api.operations().isEmpty()) {
      return "none(" + api.everything() + ")";
    }
    Set<String> allowed = new TreeSet<>();
    if (api.operations().isEmpty()) {
      allowed.addAll(List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"));
    }
    for (ApiRoutes.Operation<String> operation : operations) {
      Method method = operation.method();
      if (method == null) {
        allowed.addAll(List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"));
      } else if (!method.equals(Method.TRACE)) {
        allowed.add(method.name());
        if (method.equals(Method.GET)) {
          allowed.add("HEAD");
        }
      }
    }
    if (api.allowsPreflight()) {
      allowed.add("OPTIONS");
    }
    return "405(" + api.everything() + ") " + String.join(", ", allowed);
  }
}
