package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Tollgate;

/** WebSockets between a client and an origin that others have written. */
final class WebSocketNodeIT {
  private static final Path SCRIPT = Path.of("src/test/resources/websocket.mjs").toAbsolutePath();

  @Test
  void carriesMessagesBetweenNodesClientAndNodesServer() throws IOException {
    assumeThat(hasWebSocketClient()).as("Node with a WebSocket client").isTrue();
    Process origin = node("origin");
    try (BufferedReader out =
            new BufferedReader(new InputStreamReader(origin.getInputStream(), UTF_8));
        Tollgate tollgate =
            Tollgate.setup()
                .apis(
                    upstream("u", Integer.parseInt(out.readLine()))
                        + api(
                            "n",
                            "/n",
                            "u",
                            "operations: [{id: all, match: 'GET /{path*}', stream: websocket}]"))
                .start()) {
      assertThat(tollgate.get("/n/ordinary").text()).isEqualTo("ordinary");
      Process client = node("client", "ws://127.0.0.1:" + tollgate.port() + "/n/talk");
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8).lines())
          .containsExactly("text Grüße, 世界 🌍", "binary 300000 true", "close 3001 enough");
      assertThat(tollgate.awaitAccessLogLine("/n/talk").path("ws.close_code").asInt())
          .isEqualTo(3001);
    } finally {
      origin.destroy();
    }
  }

  private static boolean hasWebSocketClient() {
    try {
      Process check =
          new ProcessBuilder(
                  "node",
                  "--experimental-websocket",
                  "-e",
                  "process.exit(global.WebSocket ? 0 : 1)")
              .redirectErrorStream(true)
              .start();
      check.getInputStream().readAllBytes();
      return check.waitFor() == 0;
    } catch (IOException _) {
      return false; // no Node
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Process node(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("node", "--experimental-websocket", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("NODE_NO_WARNINGS", "1"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
