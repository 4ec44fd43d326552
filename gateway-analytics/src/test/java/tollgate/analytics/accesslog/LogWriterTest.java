package tollgate.analytics.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tollgate.analytics.telemetry.Recorded;
import tools.jackson.databind.json.JsonMapper;

final class LogWriterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Path FULL = Path.of("/dev/full");
  private static final JsonMapper JSON = new JsonMapper();

  private final Logger logger = (Logger) LoggerFactory.getLogger(LogWriter.class);
  private final ListAppender<ILoggingEvent> messages = new ListAppender<>();
  private final FakeOutput output = new FakeOutput();
  private final RecordRing ring = new RecordRing(16);
  private final RecordRing[] rings = {ring};
  private long now = 5;
  private final LogWriter writer = new LogWriter(AccessLogOptions.to(output), rings, () -> now);

  @BeforeEach
  void listen() {
    messages.start();
    logger.addAppender(messages);
  }

  @AfterEach
  void unlisten() {
    logger.detachAppender(messages);
  }

  @Test
  void writesWhatWaitsInOneBatchOfLines() {
    offer("a");
    offer("b");

    assertThat(writer.drain()).isEqualTo(2);
    assertThat(ids(output.lines())).containsExactly("a", "b");
    assertThat(writer.isEmpty()).isTrue();
    assertThat(writer.dropped()).isZero();
  }

  @Test
  void fullDiskDropsCountsWarnsOnceAndRecovers() {
    output.room(0);
    for (int i = 0; i < 3; i++) {
      offer("lost");
      writer.drain();
    }
    now += SECOND;
    offer("lost");
    writer.drain();
    assertThat(writer.dropped()).isEqualTo(4);
    assertThat(output.text()).isEmpty();

    output.room(Integer.MAX_VALUE);
    offer("before the next try");
    writer.drain();
    now += SECOND;
    offer("kept");
    writer.drain();

    assertThat(ids(output.lines())).containsExactly("kept");
    assertThat(writer.dropped()).isEqualTo(5);
    assertThat(messages.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO);
    assertThat(messages.list.getFirst().getFormattedMessage())
        .contains("fake")
        .contains("No space left on device");
    assertThat(messages.list.getLast().getFormattedMessage()).contains("5 records");
  }

  @Test
  void lineWrittenInPartNeverGarblesTheNext() {
    offer("whole");
    writer.drain();
    int line = output.text().length();
    output.room(line + 20);
    offer("whole");
    offer("partl");
    offer("lost1");
    writer.drain();
    assertThat(writer.dropped()).isEqualTo(2);

    output.room(Integer.MAX_VALUE);
    now += SECOND;
    offer("after");
    writer.drain();

    List<String> lines = output.lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).hasSize(20);
    assertThat(ids(List.of(lines.get(0), lines.get(1), lines.get(3))))
        .containsExactly("whole", "whole", "after");
  }

  @Test
  void opensAgainAfterFailureWhatCanBeReopened() {
    output.reopens();
    output.room(0);
    offer("lost");
    writer.drain();
    output.room(Integer.MAX_VALUE);
    now += SECOND;
    offer("kept");
    writer.drain();

    assertThat(output.opened()).isEqualTo(2);
    assertThat(ids(output.lines())).containsExactly("kept");
  }

  @Test
  void rotationContinuesInNewFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("access.log");
    Path rotated = folder.resolve("access.log.1");
    LogWriter writer = new LogWriter(AccessLogOptions.to(LogOutput.file(file)), rings, () -> now);
    offer("first");
    writer.drain();
    Files.move(file, rotated);
    offer("still old");
    writer.drain();
    writer.reopen();
    offer("new");
    writer.drain();
    writer.close();

    assertThat(ids(Files.readAllLines(rotated))).containsExactly("first", "still old");
    assertThat(ids(Files.readAllLines(file))).containsExactly("new");
    assertThat(Files.getPosixFilePermissions(file))
        .doesNotContain(PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_WRITE);
  }

  @Test
  void endsTheHalfLineThatCrashLeftBehind(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("access.log"), "{\"ts\":\"20", UTF_8);
    LogWriter writer = new LogWriter(AccessLogOptions.to(LogOutput.file(file)), rings, () -> now);
    offer("whole");
    writer.drain();
    writer.close();

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(ids(lines.subList(1, 2))).containsExactly("whole");
  }

  @Test
  void fileThatCannotBeOpenedIsTriedAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("logs").resolve("access.log");
    LogWriter writer = new LogWriter(AccessLogOptions.to(LogOutput.file(file)), rings, () -> now);
    offer("lost");
    writer.drain();
    Files.createDirectory(folder.resolve("logs"));
    now += SECOND;
    offer("kept");
    writer.drain();
    writer.close();

    assertThat(writer.dropped()).isOne();
    assertThat(ids(Files.readAllLines(file))).containsExactly("kept");
  }

  @Test
  @EnabledIf("hasFullDevice")
  void realFullDeviceDropsAndGoesOn() {
    LogWriter writer = new LogWriter(AccessLogOptions.to(LogOutput.file(FULL)), rings, () -> now);
    offer("lost");
    assertThat(writer.drain()).isOne();

    assertThat(writer.dropped()).isOne();
    assertThat(messages.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN);
  }

  static boolean hasFullDevice() {
    return Files.isWritable(FULL);
  }

  private void offer(String requestId) {
    assertThat(ring.offer(Recorded.exchange().requestId(requestId).build())).isTrue();
  }

  private static List<String> ids(List<String> lines) {
    return lines.stream().map(line -> JSON.readTree(line).get("request_id").asString()).toList();
  }
}
