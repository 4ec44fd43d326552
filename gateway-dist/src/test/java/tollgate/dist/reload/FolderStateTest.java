package tollgate.dist.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a root folder count. */
final class FolderStateTest {
  @TempDir private Path root;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(root.resolve("conf.d/shops"));
    Files.createDirectories(root.resolve("certs"));
    Files.createFile(root.resolve("gateway.yaml"));
    Files.createFile(root.resolve("access.log"));
    Files.createFile(root.resolve("certs/api.crt"));
    Files.createFile(root.resolve("conf.d/shops/shop.yaml"));
  }

  @Test
  void isNotConcernedByOtherFilesOfTheRootFolder() {
    assertThat(state().concerns(root.resolve("access.log"))).isFalse();
    assertThat(state().concerns(root.resolve("certs/old.crt"))).isFalse();
  }

  @Test
  void isConcernedByWhatIsRead() {
    for (String path : List.of("gateway.yaml", "certs/api.crt", "conf.d/shops/shop.yaml")) {
      assertThat(state().concerns(root.resolve(path))).as(path).isTrue();
    }
  }

  @Test
  void isConcernedByAllThatComesBelowConfD() {
    for (String path : List.of("conf.d", "conf.d/new.yaml", "conf.d/shops", "conf.d/new")) {
      assertThat(state().concerns(root.resolve(path))).as(path).isTrue();
    }
  }

  @Test
  void isConcernedByASwappedLink() {
    assertThat(state().concerns(root.resolve("..data"))).isTrue();
    assertThat(state().concerns(root.resolve("certs/..data"))).isTrue();
  }

  private FolderState state() {
    return FolderState.ofBlocking(root, List.of(root.resolve("certs/api.crt")));
  }
}
