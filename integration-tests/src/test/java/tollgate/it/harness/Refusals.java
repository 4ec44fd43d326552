package tollgate.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** Sends what must be refused and looks at everything a refusal has to be. One thread. */
public final class Refusals {
  private static final String MARKER = "kept-to-itself";

  private final Tollgate tollgate;
  private final RecordingOrigin origin;
  private final String legitimateTarget;

  /**
   * @param legitimateTarget leads to {@code origin}
   */
  public Refusals(Tollgate tollgate, RecordingOrigin origin, String legitimateTarget) {
    this.tollgate = tollgate;
    this.origin = origin;
    this.legitimateTarget = legitimateTarget;
  }

  /**
   * Fails unless the first answer to these bytes is one of the statuses as a problem, the
   * connection is closed behind it, nothing of them reached the origin, the refusal is counted, and
   * the next request on another connection is served.
   */
  public Response assertRefusedAndClosed(String bytes, Integer... statuses) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    double refusedBefore = tollgate.metrics().refused();
    String all;
    Response response;
    try (RawClient client = tollgate.client()) {
      client.send(bytes);
      response = client.read();
      all = client.readToClose();
    }
    assertThat(response.status()).as("%s", all).isIn(List.of(statuses));
    Problems.assertLastProblem(response, response.status());
    assertThat(all.split("HTTP/1.1 \\d{3} ", -1)).as("one answer: %s", all).hasSize(2);
    assertThat(all).doesNotContain(MARKER);
    assertNothingArrivedSince(mark);
    Patience.await().until(() -> tollgate.metrics().refused() == refusedBefore + 1);
    return response;
  }

  /**
   * As {@link #assertRefusedAndClosed}, but that the connection may stay open and the answer may be
   * any of the statuses.
   */
  public Response assertRefused(String bytes, Integer... statuses) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    double refusedBefore = tollgate.metrics().refused();
    Response response;
    try (RawClient client = tollgate.client()) {
      client.send(bytes);
      response = client.read(bytes.startsWith("HEAD "));
    }
    assertThat(response.status()).as("%s", response).isIn(List.of(statuses));
    Problems.assertProblem(response, response.status());
    assertThat(response.text()).doesNotContain(MARKER);
    assertNothingArrivedSince(mark);
    Patience.await().until(() -> tollgate.metrics().refused() == refusedBefore + 1);
    return response;
  }

  /** A request of its own is served, and is all that the origin has received since. */
  public void assertNothingArrivedSince(RecordingOrigin.Mark mark) throws IOException {
    assertThat(tollgate.get(legitimateTarget).status())
        .as("the next legitimate request")
        .isEqualTo(200);
    List<OriginRequest> since = origin.since(mark);
    assertThat(since).as("requests at the origin").hasSize(1);
    int length = since.getFirst().line().length() + 2;
    for (Headers.Line line : since.getFirst().headers().lines()) {
      length += line.name().length() + ": ".length() + line.value().length() + 2;
    }
    assertThat(origin.bytesSince(mark)).as("bytes at the origin").isEqualTo(length + 2);
  }
}
