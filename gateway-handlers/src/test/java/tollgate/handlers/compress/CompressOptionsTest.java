package tollgate.handlers.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.model.DataSize;
import tollgate.core.coding.ContentCoding;
import tollgate.handlers.testing.PolicyText;

class CompressOptionsTest {
  @Test
  void defaultsToTextFromOneKibibyteOn() {
    assertThat(PolicyText.responseOptions(CompressOptions.class, "compress: {}"))
        .isEqualTo(
            new CompressOptions(
                List.of(ContentCoding.ZSTD, ContentCoding.BR, ContentCoding.GZIP),
                List.of(
                    "text/plain",
                    "text/html",
                    "text/css",
                    "text/csv",
                    "text/xml",
                    "text/javascript",
                    "application/json",
                    "application/*+json",
                    "application/xml",
                    "application/*+xml",
                    "application/javascript",
                    "application/x-ndjson",
                    "image/svg+xml"),
                DataSize.ofBytes(1024),
                Map.of(ContentCoding.GZIP, 5, ContentCoding.BR, 4, ContentCoding.ZSTD, 3)));
  }

  @Test
  void readsEveryKey() {
    assertThat(
            PolicyText.responseOptions(
                CompressOptions.class,
                "compress: {codings: [gzip, br], types: [text/*], minSize: 2KiB, levels: {gzip: 9, br: 0, zstd: 12}}"))
        .isEqualTo(
            new CompressOptions(
                List.of(ContentCoding.GZIP, ContentCoding.BR),
                List.of("text/*"),
                DataSize.ofKibibytes(2),
                Map.of(ContentCoding.GZIP, 9, ContentCoding.BR, 0, ContentCoding.ZSTD, 12)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compress: {codings: []} | codings",
        "compress: {codings: [gzip, gzip]} | twice",
        "compress: {codings: [deflate]} | gzip",
        "compress: {types: [json]} | types[0]",
        "compress: {types: ['*/*']} | types[0]",
        "compress: {minSize: 2MiB} | minSize",
        "compress: {levels: {br: 11}} | levels.br",
        "compress: {levels: {gzip: 0}} | levels.gzip",
        "compress: {level: 3} | levels"
      })
  void refusesWhatCannotBe(String step, String word) {
    assertThat(PolicyText.responseProblems(step)).contains(word);
  }

  @Test
  void standsInResponsesOnly() {
    assertThat(PolicyText.problems("compress: {}")).contains("compress");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json, true",
    "application/json, Application/JSON ; charset=utf-8, true",
    "text/*, text/plain, true",
    "text/*, application/json, false",
    "application/*+json, application/problem+json, true",
    "application/*+json, application/json, false",
    "application/*+json, application/+json, false",
    "application/json, application/jsonp, false"
  })
  void matchesMediaTypes(String pattern, String contentType, boolean expected) {
    assertThat(new MediaTypes(List.of(pattern)).contains(MediaTypes.essence(contentType)))
        .isEqualTo(expected);
  }
}
