package tollgate.dist.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.jspecify.annotations.Nullable;

/**
 * Sets Logback up: one line an event on standard error. Found by Logback through {@code
 * META-INF/services}; in code because reading an XML file would take a tenth of the time a start
 * takes.
 *
 * <p>{@code TOLLGATE_LOG_LEVEL} (default INFO) is the level of this project's loggers, others stay
 * at WARN or above unless it is DEBUG or TRACE. {@code TOLLGATE_LOG_FORMAT} is {@code text}
 * (default) or {@code json}.
 */
public final class ApplicationLog extends ContextAwareBase implements Configurator {
  static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %replace(%msg){'[\\r\\n]+', ' | '}%n";

  public ApplicationLog() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, System.getenv("TOLLGATE_LOG_FORMAT")));
    appender.start();
    Level level = Level.toLevel(System.getenv("TOLLGATE_LOG_LEVEL"), Level.INFO);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level);
    root.addAppender(appender);
    context.getLogger("tollgate").setLevel(level);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, @Nullable String format) {
    if ("json".equalsIgnoreCase(format)) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.setWithSequenceNumber(false);
      json.setWithNanoseconds(false);
      json.setWithContext(false);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(PATTERN);
    text.start();
    return text;
  }
}
