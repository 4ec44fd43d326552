package tollgate.core.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcCallerTest {
  @ParameterizedTest
  @CsvSource({
    "application/grpc, GRPC",
    "application/grpc+proto, GRPC",
    "APPLICATION/gRPC+json; charset=utf-8, GRPC",
    "application/grpc ;a=b, GRPC",
    "application/grpc-web, WEB",
    "application/grpc-web+proto, WEB",
    "application/grpc-web-text, WEB_TEXT",
    "Application/Grpc-Web-Text+proto;x=y, WEB_TEXT",
    "application/grpc+, NONE",
    "application/grpcx, NONE",
    "application/grpc-webx, NONE",
    "application/grpc-web-textual, NONE",
    "application/grpc-foo, NONE",
    "application/json, NONE",
    "text/plain;application/grpc, NONE",
    "'', NONE",
  })
  void tellsWhoSpeaksGrpcByTheMediaType(String contentType, GrpcCaller caller) {
    assertThat(GrpcCaller.of(contentType)).isEqualTo(caller);
  }
}
