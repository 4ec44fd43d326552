package tollgate.core.message.json;

/**
 * What becomes of an object that has a name twice. RFC 8259 leaves it open, and readers differ:
 * some see the first value, some the last.
 */
public enum DuplicateNames {
  /** Malformed. Two names are the same if they are so once escapes are undone. */
  REFUSE,

  /** Both stay, in their order. Whoever asks for the name gets the first. */
  KEEP
}
