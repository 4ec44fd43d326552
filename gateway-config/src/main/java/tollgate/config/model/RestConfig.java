package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backend that speaks JSON, for callers who speak SOAP. Immutable.
 *
 * @param namespace of the elements in the bodies; null for none
 * @param isQualified whether what stands in them is of that namespace
 * @param xsd schema of what stands in the bodies, absolute; null for none
 * @param headers request header fields by the names of header blocks
 * @param calls at least one; elements are unique
 */
public record RestConfig(
    @Nullable String namespace,
    boolean isQualified,
    @Nullable Path xsd,
    Map<String, String> headers,
    List<Call> calls) {
  public static final boolean DEFAULT_QUALIFIED = true;

  /**
   * One operation.
   *
   * @param element local name of the element in the body
   * @param action what the message says that it is meant to do; null for whatever
   * @param target method and path; the path's parameters are members of the body
   * @param query members of the body that are parameters of the query
   * @param response local name of the element in the answer's body
   */
  public record Call(
      String element,
      @Nullable String action,
      OperationMatch target,
      List<String> query,
      String response) {
    public Call {
      requireNonNull(element, "element");
      requireNonNull(target, "target");
      query = List.copyOf(query);
      requireNonNull(response, "response");
    }
  }

  public RestConfig {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    calls = List.copyOf(calls);
  }
}
