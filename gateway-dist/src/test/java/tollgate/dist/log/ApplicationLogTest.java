package tollgate.dist.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class ApplicationLogTest {
  @Test
  void isAtInfoForThisProjectAndAtWarnForOthers() {
    LoggerContext context = new LoggerContext();
    new ApplicationLog().configure(context);
    assertThat(context.getLogger("tollgate.dist.run").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void putsEventInOneLineWhateverItSays() {
    LoggerContext context = new LoggerContext();
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(ApplicationLog.PATTERN);
    layout.start();
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("tollgate.dist.run.Listeners"),
            Level.WARN,
            "a\r\nERROR b",
            null,
            null);
    assertThat(layout.doLayout(event)).matches("\\S+ WARN  Listeners a \\| ERROR b\n");
  }
}
