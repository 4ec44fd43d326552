package tollgate.transport.wire;

import tollgate.core.http.FieldName;

/**
 * Fields that a writer of heads sets itself, so that such lines of others are left out; Host among
 * them in requests, where it is said elsewhere. Immutable.
 */
public final class OwnNames {
  private final FieldName[] names;
  private final long bloom;

  private OwnNames(FieldName[] names) {
    this.names = names;
    long bits = FieldLines.bit(FieldName.HOST.hash());
    for (FieldName name : names) {
      bits |= FieldLines.bit(name.hash());
    }
    this.bloom = bits;
  }

  public static OwnNames of(FieldName... names) {
    return new OwnNames(names.clone());
  }

  /** Whether the writer has its own of this line. */
  public boolean has(FieldLines lines, int index, boolean isRequest) {
    int hash = lines.hash(index);
    if ((bloom & FieldLines.bit(hash)) == 0) {
      return false;
    }
    for (FieldName name : names) {
      if (name.hash() == hash && lines.isNamed(index, name)) {
        return true;
      }
    }
    return isRequest && FieldName.HOST.hash() == hash && lines.isNamed(index, FieldName.HOST);
  }

  /** As {@link #has(FieldLines, int, boolean)}, of a line with this name. */
  public boolean has(FieldName name, boolean isRequest) {
    if ((bloom & FieldLines.bit(name.hash())) == 0) {
      return false;
    }
    for (FieldName ours : names) {
      if (ours.equals(name)) {
        return true;
      }
    }
    return isRequest && FieldName.HOST.equals(name);
  }
}
