package tollgate.core.upstream;

/** How an upstream's requests are spread over its targets. */
public enum Balance {
  /** Each target in turn, as often as its weight says. */
  ROUND_ROBIN,
  /** The target with the fewest requests in flight by its weight; equal ones in turn. */
  LEAST_REQUEST,
  /** The target that the request's key stands for; requests without a key in turn. */
  CONSISTENT_HASH
}
