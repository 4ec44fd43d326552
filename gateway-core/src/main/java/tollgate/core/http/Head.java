package tollgate.core.http;

/** A request or response head as it will be sent; knows no protocol version. Event loop only. */
public sealed interface Head permits RequestHead, ResponseHead {
  Fields fields();
}
