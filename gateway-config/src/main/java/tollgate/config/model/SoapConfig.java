package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backend that speaks SOAP, for callers who speak JSON. Immutable.
 *
 * @param action what the message is meant to do; null for nothing
 * @param path where the backend takes it; null for the request's own
 * @param element local name of the element in the body
 * @param namespace of that element; null for none
 * @param isQualified whether elements in it are of its namespace
 * @param xsd schema of what stands in the bodies, absolute; null for none
 * @param parameters names of members by parameters of path and query; of the path those that are
 *     not named are members of their own name, of the query they are left out
 * @param headers header blocks by request header fields
 * @param faults statuses by what faults say: a name in their detail, a code or a subcode
 */
public record SoapConfig(
    Version version,
    @Nullable String action,
    @Nullable String path,
    String element,
    @Nullable String namespace,
    boolean isQualified,
    @Nullable Path xsd,
    Map<String, String> parameters,
    Map<String, Block> headers,
    Map<String, Integer> faults) {
  public static final Version DEFAULT_VERSION = Version.V11;
  public static final boolean DEFAULT_QUALIFIED = true;

  /** A version of SOAP. */
  public enum Version {
    V11("1.1"),
    V12("1.2");

    private final String word;

    Version(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /**
   * A header block with text in it.
   *
   * @param namespace null for that of the operation
   */
  public record Block(String element, @Nullable String namespace, boolean mustUnderstand) {
    public static final boolean DEFAULT_MUST_UNDERSTAND = false;

    public Block {
      requireNonNull(element, "element");
    }
  }

  public SoapConfig {
    requireNonNull(version, "version");
    requireNonNull(element, "element");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
  }
}
