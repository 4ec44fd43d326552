package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.config.model.GatewayConfiguration;
import tollgate.dist.json.Json;
import tollgate.dist.reload.Changes;
import tollgate.dist.status.ControlSite;

/** The commands that ask a running gateway. */
class ControlCommandsTest {
  @TempDir private Path temp = Path.of("");
  private Path root = Path.of("");

  @BeforeEach
  void writeFolder() throws IOException {
    root = Ran.folder(temp, Ran.GATEWAY, Ran.APIS);
  }

  @Test
  void reloadTellsWhatHasChanged() throws IOException {
    String applied =
        """
        {"result":"applied","generation":7,"needsRestart":true,"added":["Api/new:v1"],"changed":["Gateway/test"],\
        "removed":[],"warnings":["conf/x.yaml:1:1 a: warning: b"]}\
        """;
    try (ControlSocket socket = ControlSocket.open(root, 200, applied)) {
      Ran ran = Ran.run("reload", "--conf", root);
      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines())
          .containsExactly(
              "conf/x.yaml:1:1 a: warning: b",
              "+ Api/new:v1",
              "~ Gateway/test",
              "1 added, 1 changed, 0 removed",
              "generation 7 serves",
              ChangeList.NEEDS_RESTART);
      assertThat(socket.requests()).containsExactly("POST /v1/reload HTTP/1.1");
    }
  }

  @Test
  void reloadTellsThatNothingHasChanged() throws IOException {
    try (ControlSocket _ =
        ControlSocket.open(root, 200, "{\"result\":\"unchanged\",\"generation\":3}")) {
      assertThat(Ran.run("reload", "--conf", root))
          .isEqualTo(new Ran(0, "nothing has changed: generation 3 serves\n", ""));
    }
  }

  @Test
  void reloadPrintsTheProblemsOfRefusedConfigurationAlsoWhenItCannotReadItItself()
      throws IOException {
    Ran.write(root.resolve("conf.d/apis.yaml"), "kind: [");
    String refused =
        "{\"result\":\"refused\",\"generation\":3,\"problems\":[\"conf/a.yaml:1:2 \\\"x\\\":"
            + " bad\"]}";
    try (ControlSocket _ = ControlSocket.open(root, 422, refused)) {
      assertThat(Ran.run("reload", "--conf", root))
          .isEqualTo(
              new Ran(1, "", "conf/a.yaml:1:2 \"x\": bad\nrefused: generation 3 serves on\n"));
    }
  }

  @Test
  void drainBeginsTheEnd() throws IOException {
    try (ControlSocket socket = ControlSocket.open(root, 202, "{\"draining\":true}")) {
      assertThat(Ran.run("drain", "--conf", root)).isEqualTo(new Ran(0, "draining\n", ""));
      assertThat(socket.requests()).containsExactly("POST /v1/drain HTTP/1.1");
    }
  }

  @Test
  void saysThatNoGatewayRunsWhereThereIsNoSocket() {
    Ran ran = Ran.run("drain", "--conf", root);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err())
        .contains("no gateway runs on this configuration")
        .contains("control.sock");
  }

  @Test
  void saysThatNobodyAnswersOnTheSocketOfDeadGateway() throws IOException {
    ControlSocket.open(root, 200, "{}").close();
    Ran ran = Ran.run("reload", "--conf", root);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("nobody answers on");
  }

  @Test
  void findsTheStateFolderOfConfigurationThatHasErrors() throws IOException {
    Ran.write(root.resolve("gateway.yaml"), Ran.GATEWAY + "state: {path: other/place}\n");
    Ran.write(root.resolve("conf.d/apis.yaml"), "kind: Nonsense");
    assertThat(Ran.run("reload", "--conf", root).err()).contains("conf/other/place/control.sock");
  }

  @Test
  void liveDiffComparesWithTheRunningGateway() throws IOException {
    String other =
        """
        [{"kind":"Gateway","name":"test","hash":"0"},{"kind":"Api","name":"gone:v1","hash":"1"}]\
        """;
    try (ControlSocket socket = ControlSocket.open(root, 200, other)) {
      Ran ran = Ran.run("diff", "--live", "--conf", root);
      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines())
          .containsExactly(
              "+ Api/shop:v1",
              "+ Policy/tidy",
              "+ Upstream/shop",
              "~ Gateway/test",
              "- Api/gone:v1",
              "3 added, 1 changed, 1 removed",
              ChangeList.NEEDS_RESTART);
      assertThat(socket.requests()).containsExactly("GET /v1/config HTTP/1.1");
    }
  }

  @Test
  void diffComparesWithWhatWasAcceptedLast() throws IOException {
    GatewayConfiguration accepted;
    try (Trial trial = Trial.ofBlocking(root)) {
      accepted = trial.snapshot().configuration();
    }
    Ran.write(
        root.resolve(".state/last-good.json"),
        Json.print(ControlSite.objects(Changes.objects(accepted))));
    assertThat(Ran.run("diff", "--conf", root)).isEqualTo(new Ran(0, "no difference\n", ""));
    Ran.write(root.resolve("conf.d/apis.yaml"), Ran.APIS.replace("weight: 3", "weight: 4"));
    assertThat(Ran.run("diff", "--conf", root))
        .isEqualTo(new Ran(0, "~ Upstream/shop\n0 added, 1 changed, 0 removed\n", ""));
  }

  @Test
  void diffSaysThatNothingWasAcceptedYet() {
    Ran ran = Ran.run("diff", "--conf", root);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("last-good.json is missing");
  }
}
