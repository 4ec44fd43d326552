package tollgate.it.mutation;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.function.IntPredicate;
import tollgate.it.mutation.StrictReader.Message;
import tollgate.it.mutation.StrictReader.Violation;

/**
 * Plays scripts against the gateway and checks what comes back: answers that are right to the last
 * byte, each the one to its own request, and the end of the connection. Any thread.
 */
final class HostileClient {
  private static final int PATIENCE_MILLIS = 60_000;

  /** Whose an answer is. */
  private enum Kind {
    INFORMATIONAL,
    /** A final one of the gateway. */
    OURS,
    /** A final one of an origin, which has taken something for a request. */
    FORWARDED
  }

  private final int port;
  private final Ledger ledger;

  HostileClient(int port, Ledger ledger) {
    this.port = port;
    this.ledger = ledger;
  }

  /**
   * @param name what a failure calls it
   * @param isHead whether the answer of an index is one to HEAD; if nobody knows, it is told from
   *     what follows its head
   */
  void play(Script script, String name, IntPredicate isHead, boolean knowsHead) {
    StrictReader reader = null;
    int forwarded = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      reader = new StrictReader(socket.getInputStream());
      if (!isSent(socket, script)) {
        return;
      }
      for (int i = 0; !reader.isOver(); i++) {
        Kind kind = readAnswer(reader, knowsHead && isHead.test(i), knowsHead);
        i -= kind == Kind.INFORMATIONAL ? 1 : 0;
        forwarded += kind == Kind.FORWARDED ? 1 : 0;
      }
    } catch (SocketTimeoutException _) {
      fail(name, "the connection does not end", reader, script);
    } catch (Violation violation) {
      fail(name, "got what nobody may send: " + violation.getMessage(), reader, script);
    } catch (EOFException | SocketException _) {
      // An answer was cut short, which it may be, or the gateway had enough of us.
    } catch (IOException | RuntimeException e) {
      fail(name, e.toString(), reader, script);
    }
    int right = RequestReading.count(script.text());
    if (forwarded > right) {
      fail(name, forwarded + " forwarded where " + right + " may be", reader, script);
    }
  }

  private void fail(
      String name,
      String what,
      @org.jspecify.annotations.Nullable StrictReader reader,
      Script script) {
    ledger.fail(
        name
            + ": "
            + what
            + "\n  sent "
            + script.ending()
            + " "
            + script.cuts()
            + ": "
            + Printed.of(script.text())
            + "\n  got: "
            + (reader == null ? "" : reader.latest()));
  }

  /**
   * @return whether answers are to be read
   */
  private static boolean isSent(Socket socket, Script script) throws IOException {
    byte[] bytes = script.bytes();
    OutputStream out = socket.getOutputStream();
    int from = 0;
    for (int cut : script.cuts()) {
      out.write(bytes, from, cut - from);
      from = cut;
    }
    out.write(bytes, from, bytes.length - from);
    switch (script.ending()) {
      case FINISHES -> socket.shutdownOutput();
      case STAYS -> {}
      case LEAVES -> {
        return false;
      }
      case RESETS -> {
        socket.setSoLinger(true, 0);
        return false;
      }
    }
    return true;
  }

  private Kind readAnswer(StrictReader reader, boolean isHead, boolean knowsHead)
      throws IOException {
    Message answer = reader.head();
    if (!answer.start().matches("HTTP/1\\.1 [1-5][0-9][0-9] .*")) {
      throw new Violation("status line");
    }
    int status = Integer.parseInt(answer.start().substring(9, 12));
    if (status == 101) {
      throw new Violation("101");
    }
    if (status < 200) {
      return Kind.INFORMATIONAL;
    }
    String id = answer.only("x-request-id");
    String seen = answer.only("x-seen");
    if (id == null || (seen != null && !seen.equals(id))) {
      throw new Violation("answer of another request");
    }
    ledger.answered(id, status);
    boolean isBodiless =
        status == 204 || status == 304 || (knowsHead ? isHead : reader.isFollowedByAnswer());
    if (!isBodiless) {
      if (answer.only("content-length") == null && answer.only("transfer-encoding") == null) {
        reader.rest();
      } else {
        reader.body(answer);
      }
    }
    return seen == null ? Kind.OURS : Kind.FORWARDED;
  }
}
