package tollgate.transport.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * What is wrong with a certificate, key or trust file; never a byte of a key. Immutable.
 *
 * @param file the file an operator has to look at
 * @param what e.g. {@code holds no PEM certificate}
 */
public record TlsProblem(Path file, String what) {
  public TlsProblem {
    requireNonNull(file, "file");
    requireNonNull(what, "what");
  }

  /** One line: {@code certs/api.key: is not the key of certs/api.crt}. */
  @Override
  public String toString() {
    return file + ": " + what;
  }
}
