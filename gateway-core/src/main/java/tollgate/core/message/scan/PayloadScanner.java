package tollgate.core.message.scan;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Checks one payload that comes in pieces of any size. One thread at a time.
 *
 * <pre>
 *   while (more) if (!scanner.scan(chunk)) refuse(scanner.finding());
 *   if (!scanner.end()) refuse(scanner.finding());
 * </pre>
 */
public sealed interface PayloadScanner permits WindowedScanner {
  /**
   * Borrows {@code chunk} and changes neither its indices nor its contents.
   *
   * @return whether all is well so far; once it is not it stays so
   */
  boolean scan(ByteBuf chunk);

  /** The payload is complete. */
  boolean end();

  /** What is wrong; null as long as nothing is. */
  @Nullable Finding finding();

  /** Bytes that were looked at. */
  long offset();
}
