package tollgate.core.handler;

/** Where in the chain a handler stands; the order of the constants is the order of requests. */
public enum Stage {
  LISTENER,
  EDGE,
  IDENTITY,
  ACCESS,
  QUOTA,
  CONTENT,
  CACHE,
  /** Once per attempt. */
  UPSTREAM
}
