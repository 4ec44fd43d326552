package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFolderTest {
  @TempDir private Path folder;
  private ConfigRoot root;

  @BeforeEach
  void makeRoot() {
    root = new ConfigRoot(folder);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertThat(root.lines())
        .containsExactly("gateway.yaml no such file (expected: one document of kind Gateway)");
    assertThat(new ConfigRoot(folder.resolve("nowhere")).lines())
        .containsExactly(". no such folder (expected: a folder with gateway.yaml)");
    Files.writeString(folder.resolve("file"), "");
    assertThat(new ConfigRoot(folder.resolve("file")).lines())
        .containsExactly(". is not a folder (expected: a folder with gateway.yaml)");
  }

  @Test
  void needsNoMoreThanAGateway() throws Exception {
    assertThat(root.gateway().valid().apis()).isEmpty();
  }

  @Test
  void reportsOtherFilesEvenWithoutAGateway() throws Exception {
    root.write("conf.d/a.yaml", "kind: Upstream\n");

    assertThat(root.lines()).hasSize(3);
  }

  @Test
  void readsYamlFilesAtAnyDepthInOrderAndSkipsLeftovers() throws Exception {
    root.gateway();
    for (String name : new String[] {"b.yaml", "a/z.yml", "a/b/c/d.yaml", "c.yaml"}) {
      root.write("conf.d/" + name, upstream(name.replaceAll("\\W", "-")));
    }
    for (String name :
        new String[] {
          ".hidden.yaml",
          "a.yaml~",
          "a.yaml.tmp",
          "a.yaml.tmp~",
          "notes.txt",
          ".git/x.yaml",
          "x.yaml.bak"
        }) {
      root.write("conf.d/" + name, "}");
    }

    assertThat(root.valid().upstreams().stream().map(upstream -> upstream.value().name()))
        .containsExactly("a-b-c-d-yaml", "a-z-yml", "b-yaml", "c-yaml");
  }

  @Test
  void followsTheLinksOfAMountedConfigMap() throws Exception {
    root.gateway();
    root.write("conf.d/..2026_11_23/u.yaml", upstream("one"));
    root.write("conf.d/..2026_11_24/u.yaml", upstream("two"));
    Path data = folder.resolve("conf.d/..data");
    Files.createSymbolicLink(data, Path.of("..2026_11_23"));
    Files.createSymbolicLink(folder.resolve("conf.d/u.yaml"), Path.of("..data/u.yaml"));
    assertThat(root.valid().upstreams().getFirst().value().name()).isEqualTo("one");

    Files.delete(data);
    Files.createSymbolicLink(data, Path.of("..2026_11_24"));

    assertThat(root.valid().upstreams().getFirst().value().name()).isEqualTo("two");
  }

  @Test
  void survivesLoopsOfLinksAndReportsDanglingOnes() throws Exception {
    root.gateway().write("conf.d/a/u.yaml", upstream("u"));
    Files.createSymbolicLink(folder.resolve("conf.d/a/loop"), Path.of(".."));
    assertThat(root.valid().upstreams()).hasSize(1);

    Files.createSymbolicLink(folder.resolve("conf.d/gone.yaml"), Path.of("nowhere"));
    assertThat(root.lines()).containsExactly("conf.d/gone.yaml cannot be read: no such file");
  }

  @Test
  void refusesAHugeFileWithoutReadingIt() throws Exception {
    root.gateway();
    Files.createDirectories(folder.resolve("conf.d"));
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("conf.d/huge.yaml").toFile(), "rw")) {
      file.setLength(50L * 1024 * 1024);
    }
    assertThat(root.lines())
        .containsExactly(
            "conf.d/huge.yaml is larger than 8388608 bytes (expected: several smaller files)");
  }

  @Test
  void bringsAnOldFileBackUnchangedAfterABadEdit() throws Exception {
    root.gateway().write("conf.d/u.yaml", upstream("u"));
    var before = root.valid().upstreams().getFirst();
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\n");
    assertThat(root.read()).isInstanceOf(Loaded.Invalid.class);
    root.write("conf.d/u.yaml", upstream("u"));

    assertThat(root.valid().upstreams().getFirst().contentHash()).isEqualTo(before.contentHash());
  }

  @Test
  void hashCoversReferencedFilesButNotCommentsAndQuotes() throws Exception {
    root.gateway()
        .write("ca.pem", "one")
        .write("conf.d/u.yaml", upstream("u") + "tls: {trust: ca.pem}\n");
    var first = root.valid();
    root.write("conf.d/u.yaml", "# a comment\n" + upstream("\"u\"") + "tls: {trust: 'ca.pem'}\n");
    var second = root.valid();
    root.write("ca.pem", "two");
    var third = root.valid();

    assertThat(second.upstreams().getFirst().contentHash())
        .isEqualTo(first.upstreams().getFirst().contentHash());
    assertThat(third.upstreams().getFirst().contentHash())
        .isNotEqualTo(second.upstreams().getFirst().contentHash());
    assertThat(third.referencedFiles()).containsExactly(folder.resolve("ca.pem"));
  }

  @Test
  void knowsTheFilesToWatchEvenWhenOneIsMissing() throws Exception {
    root.gateway()
        .write(
            "conf.d/u.yaml", upstream("u") + "tls: {trust: ca.pem, serverName: '${file:name}'}\n");

    assertThat(root.lines()).hasSize(2);
    assertThat(root.reader().watchedFiles())
        .containsExactlyInAnyOrder(folder.resolve("ca.pem"), folder.resolve("name"));
  }

  @Test
  void showsAThousandProblemsAndCountsTheRest() throws Exception {
    root.gateway();
    for (int file = 0; file < 3; file++) {
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 600; i++) {
        many.append("---\nkind: Upstream\nname: u").append(file).append('-').append(i).append('\n');
      }
      root.write("conf.d/" + file + ".yaml", many.toString());
    }

    assertThat(root.lines()).hasSize(1001);
    assertThat(root.lines().getLast())
        .isEqualTo("conf.d/1.yaml:1202:1 and 800 more problems from here on");
  }

  private static String upstream(String name) {
    return "kind: Upstream\nname: " + name + "\ntargets: [{url: \"http://u\"}]\n";
  }
}
