package tollgate.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.config.model.PathTemplate;
import tollgate.core.http.Method;

class RouteTableTest {
  private final RouteTable.Builder<String> builder = RouteTable.builder();

  @Test
  void contextEndsAtASegmentsBorder() {
    api("a", "/a").api("root", "/x/y/");
    assertThat(get("/a")).isEqualTo("a[]");
    assertThat(get("/a/")).isEqualTo("a[]");
    assertThat(get("/a/b/c")).isEqualTo("a[]");
    assertThat(get("/ab")).isEqualTo("none");
    assertThat(get("/A")).isEqualTo("none");
    assertThat(get("/")).isEqualTo("none");
    assertThat(get("/x")).isEqualTo("none");
    assertThat(get("/x/y")).isEqualTo("root[]");
    assertThat(get("*")).isEqualTo("none");
  }

  @Test
  void longestContextWinsAndThereIsNoWayBack() {
    api("root", "").api("a", "/a", "GET /x").api("ab", "/a/b", "GET /y");
    assertThat(get("/z")).isEqualTo("root[]");
    assertThat(get("/a/x")).isEqualTo("a:GET /x[]");
    assertThat(get("/a/b/y")).isEqualTo("ab:GET /y[]");
    assertThat(get("/a/b/x")).isEqualTo("none(ab)");
    assertThat(get("/a/q")).isEqualTo("none(a)");
  }

  @Test
  void literalBeatsParameterBeatsRest() {
    api(
        "a",
        "/a",
        "GET /o/{id}",
        "GET /o/events",
        "GET /{rest*}",
        "GET /o/{id}/l",
        "GET /o/e/{x*}");
    assertThat(get("/a/o/events")).isEqualTo("a:GET /o/events[]");
    assertThat(get("/a/o/7")).isEqualTo("a:GET /o/{id}[7]");
    assertThat(get("/a/o/events/l")).isEqualTo("a:GET /o/{id}/l[events]");
    assertThat(get("/a/o/events/m")).isEqualTo("a:GET /{rest*}[o/events/m]");
    assertThat(get("/a/o/e/l")).isEqualTo("a:GET /o/e/{x*}[l]");
    assertThat(get("/a/o/")).isEqualTo("a:GET /{rest*}[o/]");
    assertThat(get("/a/")).isEqualTo("a:GET /{rest*}[]");
    assertThat(get("/a")).isEqualTo("a:GET /{rest*}[]");
  }

  @Test
  void capturesStayEncoded() {
    api("a", "/a", "GET /{x}/b/{y}", "GET /f/{path*}");
    assertThat(get("/a/%C3%A9/b/c%20d")).isEqualTo("a:GET /{x}/b/{y}[%C3%A9, c%20d]");
    assertThat(get("/a/f/x/y/")).isEqualTo("a:GET /f/{path*}[x/y/]");
    assertThat(get("/a/f/")).isEqualTo("a:GET /f/{path*}[]");
    assertThat(get("/a/f")).isEqualTo("none(a)");
  }

  @Test
  void trailingSlashOfAnOperationIsSignificant() {
    api("a", "/a", "GET /x", "GET /y/", "GET /p/{id}", "GET /");
    assertThat(get("/a/x/")).isEqualTo("none(a)");
    assertThat(get("/a/y")).isEqualTo("none(a)");
    assertThat(get("/a/y/")).isEqualTo("a:GET /y/[]");
    assertThat(get("/a/p/")).isEqualTo("none(a)");
    assertThat(get("/a/")).isEqualTo("a:GET /[]");
    assertThat(get("/a")).isEqualTo("a:GET /[]");
  }

  @Test
  void literalWithoutTheMethodFallsBackToATemplateThatHasIt() {
    api("a", "/a", "GET /o/events", "DELETE /o/{id}", "* /o/{rest*}");
    assertThat(match("DELETE", "/a/o/events", null)).isEqualTo("a:DELETE /o/{id}[events]");
    assertThat(match("PUT", "/a/o/events", null)).isEqualTo("a:* /o/{rest*}[events]");
    assertThat(match("GET", "/a/o/1", null)).isEqualTo("a:* /o/{rest*}[1]");
  }

  @Test
  void headIsServedByGetUnlessDeclared() {
    api("a", "/a", "GET /x", "GET /y", "HEAD /y", "* /z");
    assertThat(match("HEAD", "/a/x", null)).isEqualTo("a:GET /x[]");
    assertThat(match("HEAD", "/a/y", null)).isEqualTo("a:HEAD /y[]");
    assertThat(match("HEAD", "/a/z", null)).isEqualTo("a:* /z[]");
  }

  @Test
  void allowIsTheUnionOverAllTemplatesOfThePath() {
    api("a", "/a", "GET /o/events", "DELETE /o/{id}", "PUT /o/{rest*}", "POST /o");
    assertThat(match("PATCH", "/a/o/events", null)).isEqualTo("405(a) DELETE, GET, HEAD, PUT");
    assertThat(match("PATCH", "/a/o/1", null)).isEqualTo("405(a) DELETE, PUT");
    assertThat(match("GET", "/a/o", null)).isEqualTo("405(a) POST");
    assertThat(match("OPTIONS", "/a/o", null)).isEqualTo("405(a) POST");
  }

  @Test
  void traceAndConnectNeverMatch() {
    api("a", "/a", "* /x", "TRACE /y", "GET /y").api("all", "/all");
    String any = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
    assertThat(match("TRACE", "/a/x", null)).isEqualTo("405(a) " + any);
    assertThat(match("CONNECT", "/all/x", null)).isEqualTo("405(all) " + any);
    assertThat(match("TRACE", "/a/y", null)).isEqualTo("405(a) GET, HEAD");
    assertThat(match("TRACE", "/a/z", null)).isEqualTo("none(a)");
  }

  @Test
  void optionsIsServedOnlyIfDeclaredOrAsPreflight() {
    api("plain", "/p", "GET /x", "OPTIONS /o");
    cors("cors", "/c", "GET /x/{id}", "POST /x/{id}", "OPTIONS /o", "GET /o");
    assertThat(match("OPTIONS", "/p/o", null)).isEqualTo("plain:OPTIONS /o[]");
    assertThat(match("OPTIONS", "/p/x", "GET")).isEqualTo("405(plain) GET, HEAD");
    assertThat(match("OPTIONS", "/c/x/1", "POST")).isEqualTo("preflight cors:POST /x/{id}[1]");
    assertThat(match("OPTIONS", "/c/x/1", "HEAD")).isEqualTo("preflight cors:GET /x/{id}[1]");
    assertThat(match("OPTIONS", "/c/x/1", null)).isEqualTo("405(cors) GET, HEAD, OPTIONS, POST");
    assertThat(match("OPTIONS", "/c/x/1", "PUT")).isEqualTo("405(cors) GET, HEAD, OPTIONS, POST");
    assertThat(match("OPTIONS", "/c/x/1", "TRACE")).isEqualTo("405(cors) GET, HEAD, OPTIONS, POST");
    assertThat(match("OPTIONS", "/c/o", "GET")).isEqualTo("preflight cors:GET /o[]");
    assertThat(match("OPTIONS", "/c/o", "PUT")).isEqualTo("cors:OPTIONS /o[]");
    assertThat(match("GET", "/c/o", "PUT")).isEqualTo("cors:GET /o[]");
    assertThat(match("OPTIONS", "/c/nope", "GET")).isEqualTo("none(cors)");
  }

  @Test
  void apiWithoutOperationsServesEverythingBelowItsContext() {
    cors("c", "/c");
    api("a", "/a");
    for (String method : List.of("GET", "POST", "HEAD", "OPTIONS", "PATCH", "PURGE")) {
      assertThat(match(method, "/a/x/y/", null)).isEqualTo("a[]");
    }
    assertThat(match("OPTIONS", "/c/x", "GET")).isEqualTo("preflight c[]");
    assertThat(match("OPTIONS", "/c/x", null)).isEqualTo("c[]");
  }

  @Test
  void exactHostBeatsWildcardBeatsAny() {
    hosts("exact", "/a", "api.example.com", "B.example.com.");
    hosts("wide", "/a", "*.com");
    hosts("narrow", "/a", "*.example.com");
    hosts("narrowB", "/b", "*.example.com");
    api("any", "/a").api("anyC", "/c");
    assertThat(host("api.example.com", "/a")).isEqualTo("exact[]");
    assertThat(host("api.example.com.", "/a")).isEqualTo("exact[]");
    assertThat(host("api.example.com:8243", "/a")).isEqualTo("exact[]");
    assertThat(host("b.example.com", "/a")).isEqualTo("exact[]");
    assertThat(host("x.example.com", "/a")).isEqualTo("narrow[]");
    assertThat(host("y.x.example.com", "/a")).isEqualTo("narrow[]");
    assertThat(host("example.com", "/a")).isEqualTo("wide[]");
    assertThat(host("com", "/a")).isEqualTo("any[]");
    assertThat(host("", "/a")).isEqualTo("any[]");
    assertThat(host("[::1]:80", "/a")).isEqualTo("any[]");
    assertThat(host("api.example.com", "/b")).isEqualTo("narrowB[]");
    assertThat(host("api.example.com", "/c")).isEqualTo("anyC[]");
  }

  @Test
  void sameContextOnSharedHostIsAmbiguous() {
    hosts("a:v1", "/x", "h1", "h2");
    hosts("b:v1", "/x/", "h2", "h3");
    hosts("c:v1", "/x", "*.h2");
    api("d:v1", "/x").api("e:v1", "/x");
    assertThat(builder.problems())
        .containsExactly(
            new RouteProblem.SameContext("a:v1", "b:v1", "h2", "/x"),
            new RouteProblem.SameContext("d:v1", "e:v1", "*", "/x"));
    assertThat(builder.problems().get(1).message())
        .isEqualTo("e:v1 has the context /x of d:v1 on any host (expected: one API each)");
    assertThat(host("h2", "/x")).isEqualTo("a:v1[]");
    assertThat(host("h3", "/x")).isEqualTo("b:v1[]");
  }

  @Test
  void sameMethodWithEquivalentTemplateIsAmbiguous() {
    api(
        "a",
        "/a",
        "GET /x/{a}",
        "POST /x/{b}",
        "* /x/{c}",
        "GET /x/{d}",
        "* /x/{e}",
        "GET /x/{f*}");
    assertThat(builder.problems())
        .containsExactly(
            new RouteProblem.SameOperation("a", 0, 3, Method.GET, "/x/{a}", "/x/{d}"),
            new RouteProblem.SameOperation("a", 2, 4, null, "/x/{c}", "/x/{e}"));
  }

  @Test
  void contextsAndHostsThatNoRequestCanHaveAreProblems() {
    api("a", "x").api("b", "/x/../y").api("c", "/x//");
    hosts("d", "/d", "a/b", "a:80", "*.", "*.*.a", "");
    assertThat(builder.problems()).hasSize(8);
    assertThat(get("/x")).isEqualTo("none");
  }

  @Test
  void tenThousandApisRouteLikeOne() {
    for (int i = 0; i < 10_000; i++) {
      api("api" + i, "/team" + i % 100 + "/api" + i + "/v1", "GET /items/{id}", "POST /items");
    }
    RouteTable<String> table = builder.build();
    assertThat(builder.problems()).isEmpty();
    for (int i = 0; i < 10_000; i++) {
      String context = "/team" + i % 100 + "/api" + i + "/v1";
      assertThat(text(table.match("h", context + "/items/5", Method.GET, null)))
          .isEqualTo("api" + i + ":GET /items/{id}[5]");
      assertThat(text(table.match("h", context + "/nope", Method.GET, null)))
          .isEqualTo("none(api" + i + ")");
    }
  }

  private RouteTableTest api(String name, String context, String... operations) {
    builder.add(
        new ApiRoutes<>(name, name, context, List.of(), operations(name, operations), false));
    return this;
  }

  private void cors(String name, String context, String... operations) {
    builder.add(
        new ApiRoutes<>(name, name, context, List.of(), operations(name, operations), true));
  }

  private void hosts(String name, String context, String... hosts) {
    builder.add(new ApiRoutes<>(name, name, context, List.of(hosts), List.of(), false));
  }

  static List<ApiRoutes.Operation<String>> operations(String api, String... operations) {
    List<ApiRoutes.Operation<String>> parsed = new ArrayList<>();
    for (String operation : operations) {
      int space = operation.indexOf(' ');
      String method = operation.substring(0, space);
      parsed.add(
          new ApiRoutes.Operation<>(
              method.equals("*") ? null : Method.of(method),
              PathTemplate.parse(operation.substring(space + 1)),
              api + ":" + operation));
    }
    return parsed;
  }

  private String get(String path) {
    return match("GET", path, null);
  }

  private String host(String authority, String path) {
    return text(builder.build().match(authority, path, Method.GET, null));
  }

  private String match(String method, String path, @Nullable String preflight) {
    return text(builder.build().match("h", path, Method.of(method), preflight));
  }

  static String text(Match<String> match) {
    return switch (match) {
      case Match.Operation<String> operation ->
          (operation.isPreflight() ? "preflight " : "") + operation.route() + operation.captures();
      case Match.PathOnly<String> path -> "405(" + path.api() + ") " + path.allow();
      case Match.None<String> none -> none.api() == null ? "none" : "none(" + none.api() + ")";
      case Match.Malformed<String> _ -> "malformed";
    };
  }
}
