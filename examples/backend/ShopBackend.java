import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The service behind the shipped example: a shop's items in memory, a stream of events, and an echo that shows what the gateway sent.
 * Serves on 127.0.0.1:8281 (or the port given), prints its address once it does, and ends when its standard input does.
 *
 * <pre>
 * GET  /items            all items
 * GET  /items/{number}   one, or 404
 * POST /items            adds one: the body is its name
 * GET  /events           five server-sent events, one every 200 ms
 * *    /echo             method, path and header fields as they arrived here
 * GET  /health           ok
 * </pre>
 */
public final class ShopBackend {
  private final Map<Integer, String> items = new ConcurrentSkipListMap<>(Map.of(1, "lamp", 2, "chair", 3, "kettle"));
  private final AtomicInteger last = new AtomicInteger(items.size());

  private ShopBackend() {}

  public static void main(String[] arguments) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // else small answers wait for the peer's delayed acknowledgement
    int port = arguments.length == 0 ? 8281 : Integer.parseInt(arguments[0]);
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      System.err.println("example backend: cannot listen on 127.0.0.1:" + port + ": " + e.getMessage());
      System.exit(1);
      return;
    }
    ShopBackend shop = new ShopBackend();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/items", shop::items);
    server.createContext("/events", shop::events);
    server.createContext("/echo", shop::echo);
    server.createContext("/health", exchange -> answer(exchange, 200, "text/plain", "ok\n"));
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    System.out.flush();
    while (System.in.read() >= 0) {
      // Nothing is expected here but the end.
    }
    System.exit(0);
  }

  private void items(HttpExchange exchange) throws IOException {
    String rest = exchange.getRequestURI().getPath().substring("/items".length());
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> {
        if (rest.isEmpty()) {
          StringBuilder all = new StringBuilder();
          items.forEach((number, name) -> all.append(all.isEmpty() ? "" : ",").append(item(number, name)));
          json(exchange, 200, "[" + all + "]");
        } else {
          one(exchange, rest.substring(1));
        }
      }
      case "POST" -> {
        String name = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
        int number = last.incrementAndGet();
        items.put(number, name);
        exchange.getResponseHeaders().set("Location", "/items/" + number);
        json(exchange, 201, item(number, name));
      }
      default -> json(exchange, 405, "{\"error\":\"only GET and POST\"}");
    }
  }

  private void one(HttpExchange exchange, String number) throws IOException {
    String name = number.matches("\\d{1,9}") ? items.get(Integer.valueOf(number)) : null;
    if (name == null) {
      json(exchange, 404, "{\"error\":\"no such item\"}");
    } else {
      json(exchange, 200, item(Integer.parseInt(number), name));
    }
  }

  private void events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 1; i <= 5; i++) {
        out.write(("data: event " + i + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void echo(HttpExchange exchange) throws IOException {
    long bytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    StringBuilder fields = new StringBuilder();
    new TreeMap<>(exchange.getRequestHeaders())
        .forEach(
            (name, values) ->
                fields.append(fields.isEmpty() ? "" : ",").append("\n    ").append(quoted(name)).append(": ").append(quoted(String.join(", ", values))));
    json(
        exchange,
        200,
        "{\n  \"method\": %s,\n  \"path\": %s,\n  \"bodyBytes\": %d,\n  \"headers\": {%s\n  }\n}"
            .formatted(quoted(exchange.getRequestMethod()), quoted(exchange.getRequestURI().toString()), bytes, fields));
  }

  private static String item(int number, String name) {
    return "{\"id\":" + number + ",\"name\":" + quoted(name) + "}";
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private static void json(HttpExchange exchange, int status, String text) throws IOException {
    answer(exchange, status, "application/json", text + "\n");
  }

  private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}
