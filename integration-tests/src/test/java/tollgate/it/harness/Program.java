package tollgate.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another program of this machine, run to its end. Any thread. */
public final class Program {
  private static final int PATIENCE_SECONDS = 60;

  private Program() {}

  /** What it gave. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Ran(int exitCode, byte[] out, String err) {
    public String text() {
      return Bytes.text(out);
    }

    @Override
    public String toString() {
      String text = text();
      return "exit code "
          + exitCode
          + "\n"
          + text.substring(Math.max(0, text.length() - 4000))
          + err;
    }
  }

  public static boolean isInstalled(String name) {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Skips the test where it is not installed. */
  public static void assumeInstalled(String name, String debianPackage) {
    assumeTrue(
        isInstalled(name), name + " is not installed (Debian package " + debianPackage + ")");
  }

  public static Ran run(String... command) throws IOException {
    Path out = Files.createTempFile("tollgate-it-", ".out");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .start();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(() -> {
            try {
              return Bytes.text(process.getErrorStream().readAllBytes());
            } catch (IOException e) {
              return e.toString();
            }
          });
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "hangs: " + List.of(command) + "\n" + Bytes.text(Files.readAllBytes(out)));
      }
      return new Ran(process.exitValue(), Files.readAllBytes(out), err.join());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(out);
    }
  }
}
