package tollgate.dist.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.OperationConfig;

/**
 * What the warm-up asks for: some operations of APIs as a client would, with the fields that
 * clients send. Pure.
 */
final class WarmUpRequests {
  /** More shapes than these teach the compiler nothing new. */
  private static final int MOST_APIS = 16;

  private static final int MOST_OPERATIONS = 4;
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");
  private static final String BODY = "{\"warm\":\"up\"}".repeat(80);

  private WarmUpRequests() {}

  /** Whole HTTP/1.1 requests; none for a configuration without APIs. */
  static List<byte[]> of(List<Declared<ApiConfig>> apis) {
    List<byte[]> requests = new ArrayList<>();
    for (Declared<ApiConfig> api : asked(apis)) {
      ApiConfig config = api.value();
      String context = config.context().equals("/") ? "" : config.context();
      List<OperationConfig> operations = config.operations();
      if (operations.isEmpty()) {
        requests.add(request("GET", host(config), context + "/warm/up"));
        requests.add(request("POST", host(config), context + "/warm/up"));
      }
      for (OperationConfig operation :
          operations.subList(0, Math.min(MOST_OPERATIONS, operations.size()))) {
        String path = PARAMETER.matcher(operation.match().path().toString()).replaceAll("1");
        requests.add(request(operation.match().method(), host(config), context + path));
      }
    }
    return requests;
  }

  /** The APIs whose operations are asked for. */
  static List<Declared<ApiConfig>> asked(List<Declared<ApiConfig>> apis) {
    return apis.subList(0, Math.min(MOST_APIS, apis.size()));
  }

  private static String host(ApiConfig api) {
    return api.hosts().isEmpty()
        ? "localhost"
        : (api.hosts().getFirst().wildcard() ? "warm-up." : "") + api.hosts().getFirst().name();
  }

  private static byte[] request(@Nullable String operation, String host, String path) {
    String method = operation == null ? "GET" : operation;
    boolean hasBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    String head =
        method
            + ' '
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUser-Agent: warm-up/1.0\r\nAccept: */*\r\n"
            + (hasBody
                ? "Content-Type: application/json\r\nContent-Length: " + BODY.length() + "\r\n"
                : "")
            + "\r\n";
    return (hasBody ? head + BODY : head).getBytes(US_ASCII);
  }
}
