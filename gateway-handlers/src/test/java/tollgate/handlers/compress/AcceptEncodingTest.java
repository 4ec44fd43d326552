package tollgate.handlers.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.coding.ContentCoding;

class AcceptEncodingTest {
  private static final List<ContentCoding> OFFERED =
      List.of(ContentCoding.ZSTD, ContentCoding.BR, ContentCoding.GZIP);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | GZIP",
        "x-gzip | GZIP",
        "GZip, deflate, BR | BR",
        "gzip, deflate, br, zstd | ZSTD",
        "gzip;q=1.0, br;q=0.5, zstd;q=0.1 | GZIP",
        "gzip ; q=0.2 , br ;Q=0.3 | BR",
        "* | ZSTD",
        "*;q=0.5, gzip;q=0.6 | GZIP",
        "zstd;q=0, * | BR",
        "*;q=0 |",
        "*;q=0, gzip | GZIP",
        "gzip;q=0 |",
        "gzip;q=0.000 |",
        "identity |",
        "identity;q=0 |",
        "identity;q=0, br | BR",
        "identity;q=1, gzip;q=0.5 |",
        "identity;q=0.5, gzip;q=0.5 | GZIP",
        "deflate |",
        "gzip;q=2 |",
        "gzip;q=-1 |",
        "gzip;q=1.0001 |",
        "gzip;level=9 |",
        "gzipped |",
        "'' |",
        "', ,' |"
      })
  void takesTheBestOfWhatIsOffered(String line, ContentCoding expected) {
    assertThat(AcceptEncoding.best(List.of(line), OFFERED)).isEqualTo(expected);
  }

  @Test
  void readsSeveralLinesAsOne() {
    assertThat(AcceptEncoding.best(List.of("gzip;q=0.5", "br"), OFFERED))
        .isEqualTo(ContentCoding.BR);
  }

  @Test
  void takesWhatStandsFirstOfThoseLikedEqually() {
    assertThat(
            AcceptEncoding.best(
                List.of("zstd, br, gzip"), List.of(ContentCoding.GZIP, ContentCoding.ZSTD)))
        .isEqualTo(ContentCoding.GZIP);
  }

  @Test
  void sendsTheBodyAsItIsToThoseWhoSayNothing() {
    assertThat(AcceptEncoding.best(List.of(), OFFERED)).isNull();
  }
}
