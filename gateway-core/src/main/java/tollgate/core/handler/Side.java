package tollgate.core.handler;

/** Which directions of an exchange a chain entry takes part in. */
public enum Side {
  REQUEST,
  RESPONSE,
  BOTH;

  public boolean sees(Side direction) {
    return this == BOTH || this == direction;
  }
}
