package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Refusals;
import tollgate.it.harness.Tollgate;

/**
 * A31: paths that some server reads differently are refused; the others have one spelling for
 * routing and backend.
 */
final class BadPathsIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static Refusals refusals;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", origin.port())
                    + api("a", "/a", "u")
                    + api(
                        "items",
                        "/items",
                        "u",
                        "operations: [{id: admin, match: POST /admin}, {id: all, match: GET"
                            + " /all}]"))
            .start();
    refusals = new Refusals(tollgate, origin, "/a/legitimate");
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/..%2fkept-to-itself",
        "/a/..%2Fkept-to-itself",
        "/a/%2e%2e%2fkept-to-itself",
        "/a/../kept-to-itself",
        "/a/./kept-to-itself",
        "/a/..",
        "/a/.",
        "/a/%2e%2e/kept-to-itself",
        "/a/%2E%2e/kept-to-itself",
        "/a/.%2e/kept-to-itself",
        "/a/%2e/kept-to-itself",
        "//a/kept-to-itself",
        "/a//kept-to-itself",
        "/a///",
        "/a/%2e%2e;/kept-to-itself",
        "/a/..;/kept-to-itself",
        "/a/..;x=y/kept-to-itself",
        "/a/..%3b/kept-to-itself",
        "/a/x;jsessionid=kept-to-itself",
        "/a/%00",
        "/a/x%00.html",
        "/a/%0d%0aX-Evil:%20kept-to-itself",
        "/a/%0a",
        "/a/%7f",
        "/a/%c0%af",
        "/a/%c0%ae%c0%ae/kept-to-itself",
        "/a/%e0%80%af",
        "/a/%f0%80%80%af",
        "/a/%ed%a0%80",
        "/a/%f5%80%80%80",
        "/a/%ff",
        "/a/%c3",
        "/a/\\kept-to-itself",
        "/a/..\\kept-to-itself",
        "/a/%5c",
        "/a/..%5ckept-to-itself",
        "/a/%252e%252e/kept-to-itself",
        "/a/%252fkept-to-itself",
        "/a/%25%32%66",
        "/a/%2",
        "/a/%",
        "/a/%zz",
        "/a/%u002e",
        "/a/x/%2F/y",
        "/a/<kept-to-itself>",
        "/a/\"",
        "/a/{x}",
        "/a/`",
        "/%2e%2e/a"
      })
  void refusesPathsThatCanBeReadTwoWays(String path) throws IOException {
    refusals.assertRefused("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  }

  /** What was written in several ways reaches the origin in one. */
  @ParameterizedTest
  @CsvSource({
    "/a/%41%62c, /Abc",
    "/a/%7euser, /~user",
    "/a/%c3%a9, /%C3%A9",
    "/a/%2a, /%2A",
    "/a/a%20b, /a%20b",
    "/a/%e2%82%ac, /%E2%82%AC",
    "/a/.../x, /.../x",
    "/%61/x, /x"
  })
  void hasOneSpellingForRoutingAndOrigin(String asked, String arrived) throws IOException {
    assertThat(tollgate.get(asked).status()).isEqualTo(200);
    assertThat(origin.last().target()).isEqualTo(arrived);
  }

  /** Routing sees what the origin will see: another spelling is no way round an operation. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/items/admin", "/items/%61dmin", "/items/adm%69n", "/items/%61%64%6d%69%6e"})
  void matchesTheCanonicalSpelling(String path) throws IOException {
    assertThat(tollgate.get(path).status()).isEqualTo(405);
    assertThat(tollgate.get(path).header("Allow")).isEqualTo("POST");
  }
}
