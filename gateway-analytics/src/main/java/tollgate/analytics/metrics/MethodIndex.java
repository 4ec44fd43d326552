package tollgate.analytics.metrics;

import org.jspecify.annotations.Nullable;
import tollgate.core.http.Method;

/**
 * Small numbers for methods: 0 for every unregistered one. Registered ones are one object each, so
 * that a look-up compares references, the usual ones first. Event loop only.
 */
final class MethodIndex {
  /** Of what is not registered: 0. */
  static final String OTHER = "_other";

  static final int BITS = 6;

  private final @Nullable Method[] known = new @Nullable Method[1 << BITS];
  private int count;

  MethodIndex() {
    known[++count] = Method.GET;
    known[++count] = Method.POST;
    known[++count] = Method.PUT;
    known[++count] = Method.DELETE;
  }

  @SuppressWarnings("ReferenceEquality") // a registered method is one object
  int of(Method method) {
    for (int i = 1; i <= count; i++) {
      if (known[i] == method) {
        return i;
      }
    }
    if (!method.isRegistered() || count == known.length - 1) {
      return 0;
    }
    known[++count] = method;
    return count;
  }

  String label(int index) {
    Method method = known[index];
    return method == null ? OTHER : method.name();
  }
}
