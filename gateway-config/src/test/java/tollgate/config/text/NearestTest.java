package tollgate.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
  private static final List<String> KNOWN = List.of("context", "name", "version", "route", "hosts");

  @Test
  void findsTheWordThatWasMeant() {
    assertThat(Nearest.of("contxt", KNOWN)).isEqualTo("context");
    assertThat(Nearest.of("CONTEXT", KNOWN)).isEqualTo("context");
    assertThat(Nearest.of("ruote", KNOWN)).isEqualTo("route");
    assertThat(Nearest.of("host", KNOWN)).isEqualTo("hosts");
  }

  @Test
  void staysSilentWhenNoneIsNear() {
    assertThat(Nearest.of("policies", KNOWN)).isNull();
    assertThat(Nearest.of("x", KNOWN)).isNull();
    assertThat(Nearest.of("x".repeat(1_000_000), KNOWN)).isNull();
    assertThat(Nearest.hint("zzz", KNOWN)).isEmpty();
  }
}
