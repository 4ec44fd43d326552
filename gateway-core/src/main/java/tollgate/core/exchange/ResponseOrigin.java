package tollgate.core.exchange;

/** Who made a response. Conversion and response validation skip LOCAL ones. */
public enum ResponseOrigin {
  UPSTREAM,
  LOCAL,
  CACHE
}
