package tollgate.it.harness;

/** YAML documents as tests need them most. Any thread. */
public final class Documents {
  private Documents() {}

  /** An upstream of one target. */
  public static String upstream(String name, int port, String... moreLines) {
    return """
    ---
    kind: Upstream
    name: %s
    targets: [{url: "http://127.0.0.1:%d"}]
    %s
    """
        .formatted(name, port, String.join("\n", moreLines));
  }

  /** An open API. */
  public static String api(String name, String context, String upstream, String... moreLines) {
    return """
    ---
    kind: Api
    name: %s
    version: v1
    context: %s
    security: none
    subscription: none
    route: {upstream: %s}
    %s
    """
        .formatted(name, context, upstream, String.join("\n", moreLines));
  }
}
