package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** Ten thousand APIs in a hundred files. */
final class ManyApisIT {
  private static final int FILES = 100;
  private static final int APIS_PER_FILE = 100;

  @Test
  void loadsThemAllAndRoutesToTheLast() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start()) {
      Tollgate.Setup setup = Tollgate.setup().apis(upstream("u", origin.port()));
      for (int file = 0; file < FILES; file++) {
        setup.file("conf.d/many/" + file + ".yaml", apis(file));
      }
      try (Tollgate tollgate = setup.start()) {
        assertThat(tollgate.get("/api0/v1/items/1").status()).isEqualTo(200);
        assertThat(tollgate.get("/api9999/v1/items/1").status()).isEqualTo(200);
        assertThat(origin.last().target()).isEqualTo("/items/1");
        assertThat(tollgate.get("/api10000/v1/items/1").status()).isEqualTo(404);
        assertThat(tollgate.metrics().sum("tollgate_config_objects", "kind", "Api"))
            .isEqualTo(FILES * APIS_PER_FILE);
        tollgate.write("conf.d/one-more.yaml", api("one-more", "/one-more", "u"));
        Patience.await().until(() -> tollgate.get("/one-more/x").status() == 200);
        assertThat(tollgate.get("/api9999/v1/items/1").status()).isEqualTo(200);
      }
    }
  }

  private static String apis(int file) {
    StringBuilder documents = new StringBuilder();
    for (int i = file * APIS_PER_FILE; i < (file + 1) * APIS_PER_FILE; i++) {
      documents.append(
          api(
              "api" + i,
              "/api" + i + "/v1",
              "u",
              "operations: [{id: item, match: 'GET /items/{id}'}, {id: create, match: POST"
                  + " /items}]"));
    }
    return documents.toString();
  }
}
