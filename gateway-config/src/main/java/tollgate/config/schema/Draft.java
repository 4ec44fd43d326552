package tollgate.config.schema;

import org.jspecify.annotations.Nullable;

/** What a schema is written in. */
public enum Draft {
  DRAFT_4("http://json-schema.org/draft-04/schema"),
  DRAFT_6("http://json-schema.org/draft-06/schema"),
  DRAFT_7("http://json-schema.org/draft-07/schema"),
  DRAFT_2019_09("https://json-schema.org/draft/2019-09/schema"),
  DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema"),
  /** The dialect of OpenAPI 3.0, a part of draft 5 with {@code nullable}. */
  OPENAPI_3_0("https://spec.openapis.org/oas/3.0/dialect"),
  /** Draft 2020-12 with the vocabulary of OpenAPI. */
  OPENAPI_3_1("https://spec.openapis.org/oas/3.1/dialect/base");

  /** Of a schema that does not say. */
  public static final Draft DEFAULT = DRAFT_2020_12;

  private final String iri;

  Draft(String iri) {
    this.iri = iri;
  }

  /** Its meta-schema. */
  public String iri() {
    return iri;
  }

  /** The draft of a {@code $schema}; null if it is none that is known. */
  public static @Nullable Draft of(String schema) {
    String plain = schema.endsWith("#") ? schema.substring(0, schema.length() - 1) : schema;
    for (Draft draft : values()) {
      if (draft.iri.equals(plain)) {
        return draft;
      }
    }
    return null;
  }

  /** Whether what stands beside a {@code $ref} has no meaning. */
  boolean refStandsAlone() {
    return this == DRAFT_4 || this == DRAFT_6 || this == DRAFT_7 || this == OPENAPI_3_0;
  }

  String idKey() {
    return this == DRAFT_4 ? "id" : "$id";
  }

  boolean hasIds() {
    return this != OPENAPI_3_0;
  }
}
