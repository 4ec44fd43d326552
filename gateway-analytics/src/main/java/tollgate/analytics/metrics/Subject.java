package tollgate.analytics.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What a series is about: it goes when one of these goes. Null where the series does not depend on
 * it. Immutable.
 */
record Subject(@Nullable ApiName api, @Nullable String operation, @Nullable String upstream) {
  static final Subject LASTING = new Subject(null, null, null);

  static Subject of(ApiName api, String operation) {
    return new Subject(api, operation, null);
  }

  static Subject of(String upstream) {
    return new Subject(null, null, upstream);
  }

  /** Whether no API owns it: few series, beyond the cap. */
  boolean isUnmatched() {
    return ApiName.NONE.equals(api);
  }
}
