package tollgate.core.http;

/** A response head: status, fields and the length of what follows. Event loop only. */
public final class ResponseHead implements Head {
  private final Fields fields;
  private int status;
  private long bodyLength;

  private ResponseHead(int status, Fields fields, long bodyLength) {
    this.fields = fields;
    this.status = status;
    this.bodyLength = bodyLength;
  }

  /**
   * @param status 100 to 599
   * @param bodyLength see {@link BodyLength}; for an answer to HEAD and for 304 the length that was
   *     declared, though no body follows
   */
  public static ResponseHead received(int status, ReceivedFields fields, long bodyLength) {
    return new ResponseHead(status, Fields.over(fields), bodyLength);
  }

  /** A head that the gateway makes itself. */
  public static ResponseHead of(int status) {
    return new ResponseHead(status, Fields.empty(), 0);
  }

  public int status() {
    return status;
  }

  public void status(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
    }
    if (this.status == 101) {
      throw new IllegalStateException("status: a switch of protocols becomes no other answer");
    }
    this.status = status;
  }

  /**
   * See {@link BodyLength}. The writer derives Content-Length and Transfer-Encoding from it alone.
   */
  public long bodyLength() {
    return bodyLength;
  }

  public void bodyLength(long bodyLength) {
    this.bodyLength = bodyLength;
  }

  @Override
  public Fields fields() {
    return fields;
  }
}
