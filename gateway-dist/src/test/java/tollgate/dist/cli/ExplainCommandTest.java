package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir private Path temp = Path.of("");
  private Path root = Path.of("");

  @BeforeEach
  void writeFolder() throws IOException {
    root = Ran.folder(temp, Ran.GATEWAY, Ran.APIS);
  }

  @Test
  void showsTheWayOfRequestToItsBackend() {
    Ran ran =
        Ran.run(
            "explain",
            "--conf",
            root,
            "-H",
            "X-Debug: 1",
            "http://localhost:8290/shop/v1/items/7?full=1");
    assertThat(ran.exitCode()).isZero();
    assertThat(lines(ran))
        .contains(
            "request     GET http://localhost:8290/shop/v1/items/7?full=1",
            "listener    inner (127.0.0.1:8290)",
            "match       operation item of shop:v1, declared at " + root + "/conf.d/apis.yaml:10:1",
            "path        /shop/v1/items/{number}",
            "capture     number = 7",
            "            EDGE      cors             request and response",
            "            CONTENT   headers          request",
            "upstream    shop",
            "target      http://shop-a:8080, weight 3",
            "target      https://shop-b:443, weight 1",
            "sent        GET /items/7?full=1",
            "            X-Debug: 1",
            "            X-Channel: api");
    assertThat(ran.out()).doesNotContain("answered");
  }

  @Test
  void showsWhyMethodIsNotAllowed() {
    Ran ran = Ran.run("explain", "--conf", root, "-X", "DELETE", "/shop/v1/items/7");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("path of shop:v1, but not with this method: 405, Allow: GET, HEAD")
        .contains("answered    405")
        .doesNotContain("sent ");
  }

  @Test
  void showsThatNothingIsThere() {
    assertThat(Ran.run("explain", "--conf", root, "/elsewhere").out())
        .contains("no API has this host and path: 404");
    assertThat(Ran.run("explain", "--conf", root, "/shop/v1/other").out())
        .contains("in the context of shop:v1, which has no such operation: 404");
  }

  @Test
  void showsAnswerToPreflight() {
    Ran ran =
        Ran.run(
            "explain",
            "--conf",
            root,
            "-X",
            "OPTIONS",
            "-H",
            "Origin: http://localhost:3000",
            "-H",
            "Access-Control-Request-Method: POST",
            "/shop/v1/items");
    assertThat(ran.out())
        .contains("CORS preflight of operation add of shop:v1")
        .contains("Access-Control-Allow-Origin: http://localhost:3000")
        .doesNotContain("sent ");
  }

  @Test
  void showsThatAmbiguousPathIsRefused() {
    assertThat(Ran.run("explain", "--conf", root, "/shop/v1/%2e%2e/x").out())
        .contains("match       malformed")
        .contains("answered    400");
  }

  @Test
  void refusesWhatIsNoUrl() {
    assertThat(Ran.run("explain", "--conf", root, "shop/v1").exitCode()).isEqualTo(2);
    assertThat(Ran.run("explain", "--conf", root, "-H", "nonsense", "/shop/v1").exitCode())
        .isEqualTo(2);
    assertThat(Ran.run("explain", "--conf", root).exitCode()).isEqualTo(2);
  }

  @Test
  void printsProblemsOfBrokenConfiguration() throws IOException {
    Ran.write(root.resolve("conf.d/apis.yaml"), Ran.APIS.replace("route:", "rout:"));
    Ran ran = Ran.run("explain", "--conf", root, "/shop/v1/items/7");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("apis.yaml:18:1 rout:");
  }

  private static List<String> lines(Ran ran) {
    return ran.out().lines().toList();
  }
}
