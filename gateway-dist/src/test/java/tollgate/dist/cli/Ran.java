package tollgate.dist.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A command that was run in this process, and what it gave. */
record Ran(int exitCode, String out, String err) {
  static final String GATEWAY =
      """
      kind: Gateway
      name: test
      listeners:
        - {name: http, bind: "127.0.0.1:8280"}
        - {name: inner, bind: "127.0.0.1:8290"}
      """;

  static final String APIS =
      """
      kind: Upstream
      name: shop
      targets: [{url: "http://shop-a:8080", weight: 3}, {url: "https://shop-b"}]
      ---
      kind: Policy
      name: tidy
      request:
        - headers: {set: {X-Channel: api}}
      ---
      kind: Api
      name: shop
      version: v1
      context: /shop/v1
      security: none
      subscription: none
      policies: [tidy]
      cors: {origins: ["http://localhost:3000"], methods: [GET, POST]}
      route: {upstream: shop}
      operations:
        - {id: item, match: "GET /items/{number}"}
        - {id: add, match: POST /items}
      """;

  static Ran run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int exitCode = Tollgate.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** A root folder with these two files. */
  static Path folder(Path parent, String gateway, String apis) throws IOException {
    Path root = parent.resolve("conf");
    write(root.resolve("gateway.yaml"), gateway);
    write(root.resolve("conf.d/apis.yaml"), apis);
    return root;
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }
}
