package tollgate.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The files a process opens and where it connects to, as strace sees them. One thread. */
public final class SystemCalls implements AutoCloseable {
  private final Process strace;
  private final Path calls;
  private final Path said;

  private SystemCalls(Process strace, Path calls, Path said) {
    this.strace = strace;
    this.calls = calls;
    this.said = said;
  }

  /** Whether strace is there and may look at other processes. */
  public static boolean areVisible() throws IOException {
    Process other = new ProcessBuilder("sleep", "60").start();
    try (SystemCalls seen = of(other.toHandle())) {
      return !seen.end().isEmpty() || seen.isAttached();
    } catch (IOException _) {
      return false; // no such program
    } finally {
      other.destroyForcibly();
    }
  }

  /** From now on. */
  public static SystemCalls of(ProcessHandle process) throws IOException {
    Path calls = Files.createTempFile("tollgate-it-", ".strace");
    Path said = Files.createTempFile("tollgate-it-", ".err");
    Process strace =
        new ProcessBuilder(
                "strace",
                "-f",
                "-s",
                "4096",
                "-e",
                "trace=open,openat,openat2,connect",
                "-o",
                calls.toString(),
                "-p",
                Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    SystemCalls seen = new SystemCalls(strace, calls, said);
    Patience.await().until(() -> seen.isAttached() || !strace.isAlive());
    return seen;
  }

  private boolean isAttached() throws IOException {
    return Files.readString(said, StandardCharsets.ISO_8859_1).contains("attached");
  }

  /** Stops looking. The lines so far. */
  public List<String> end() throws IOException {
    strace.destroy(); // it lets go of the process
    try {
      if (!strace.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("strace hangs");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Files.readAllLines(calls, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    var _ = end();
    Files.delete(calls);
    Files.delete(said);
  }
}
