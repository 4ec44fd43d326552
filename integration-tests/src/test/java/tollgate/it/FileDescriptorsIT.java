package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** E10: no file descriptors are left. */
final class FileDescriptorsIT {
  private static final int FILES = 300;

  @Test
  void pausesAcceptingAndRecovers() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .fileLimit(FILES)
                .gateway(
                    """
                    kind: Gateway
                    name: it
                    listeners:
                      - {name: http, bind: "127.0.0.1:@http@"}
                    status: {bind: "127.0.0.1:@status@"}
                    drain: {delay: 0s, timeout: 10s}
                    reload: {watch: false}
                    overload: {enabled: false}
                    warmUp: 0s
                    """)
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      assertThat(tollgate.get("/a/before").status()).isEqualTo(200);
      List<RawClient> clients = new ArrayList<>();
      try {
        // The kernel takes them all; the gateway cannot.
        for (int i = 0; i < FILES + 50; i++) {
          clients.add(tollgate.client());
        }
        tollgate.awaitLog("WARN .*Listener http cannot accept, pausing for a second: ");
        assertThat(tollgate.process().isAlive()).isTrue();
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
      Patience.await()
          .until(() -> {
            try {
              return tollgate.get("/a/after").status() == 200;
            } catch (IOException _) {
              return false; // among those that the gateway still has to find closed
            }
          });
      Patience.await().until(() -> tollgate.status("/readyz") == 200);
    }
  }
}
