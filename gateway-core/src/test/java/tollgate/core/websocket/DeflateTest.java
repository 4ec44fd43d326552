package tollgate.core.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of offers of permessage-deflate, and of answers to them. */
final class DeflateTest {
  private static final String OURS =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  @ParameterizedTest
  @CsvSource({
    "permessage-deflate, ''",
    "permessage-deflate; client_max_window_bits, '; client_max_window_bits'",
    "permessage-deflate ;client_max_window_bits=\"10\", '; client_max_window_bits=10'",
    "permessage-deflate; server_max_window_bits=9, '; server_max_window_bits=9'",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover, ''"
  })
  void addsToAnOfferThatNoContextIsTakenOver(String offer, String rest) {
    Deflate deflate = Deflate.firstIn(List.of(offer));
    assertThat(deflate).isNotNull();
    assertThat(deflate.offer()).isEqualTo(OURS + rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-webkit-deflate-frame",
        "permessage-deflate; unknown",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate;"
      })
  void takesNoOfferThatIsNotValid(String offer) {
    assertThat(Deflate.firstIn(List.of(offer))).isNull();
  }

  @Test
  void takesTheFirstOfferThatIsValid() {
    Deflate deflate =
        Deflate.firstIn(
            List.of(
                "foo, permessage-deflate; bar", "permessage-deflate; server_max_window_bits=10"));
    assertThat(deflate).isNotNull();
    assertThat(deflate.offer()).isEqualTo(OURS + "; server_max_window_bits=10");
  }

  @Test
  void tellsTheClientThatItTakesNoContextOver() {
    assertThat(agreed("", OURS)).isEqualTo(OURS);
    assertThat(agreed("", "permessage-deflate; server_no_context_takeover")).isEqualTo(OURS);
    assertThat(agreed("", OURS + "; server_max_window_bits=12"))
        .isEqualTo(OURS + "; server_max_window_bits=12");
    assertThat(agreed("; client_max_window_bits", OURS + "; client_max_window_bits=12"))
        .isEqualTo(OURS + "; client_max_window_bits=12");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_no_context_takeover",
        OURS + "; client_max_window_bits=12",
        OURS + "; other",
        OURS + ", permessage-deflate",
        "x-other"
      })
  void takesNoAnswerThatIsNotOneToTheOffer(String answer) {
    assertThat(agreed("", answer)).isNull();
  }

  private static @Nullable String agreed(String offer, String answer) {
    Deflate deflate = Deflate.firstIn(List.of("permessage-deflate" + offer));
    assertThat(deflate).isNotNull();
    return deflate.agreed(List.of(answer));
  }
}
