package tollgate.transport.tls;

import java.nio.file.Path;

/** Carries a {@link TlsProblem} out of the parsing; never leaves this package. Stackless. */
final class BadTlsFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient TlsProblem problem;

  BadTlsFileException(Path file, String what) {
    super(what, null, false, false);
    this.problem = new TlsProblem(file, what);
  }

  TlsProblem problem() {
    return problem;
  }
}
