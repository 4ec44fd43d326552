package tollgate.handlers.structurallimits;

import java.util.Locale;

/** What becomes of a body whose Content-Type is none of JSON and XML, or that has none. */
enum OtherTypes {
  /** Not looked at. */
  PASS,
  REFUSE,
  /** Checked as if it said so. */
  JSON,
  XML;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
