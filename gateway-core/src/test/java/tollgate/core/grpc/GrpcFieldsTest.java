package tollgate.core.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.HopByHop;
import tollgate.core.http.Trailers;

class GrpcFieldsTest {
  @ParameterizedTest
  @CsvSource({
    "plain text, plain text",
    "100% sure, 100%25 sure",
    "gr\u00fc\u00dfe, gr%C3%BC%C3%9Fe",
    "'a\r\nb', a%0D%0Ab",
    "tilde~, tilde~",
    "\u007f, %7F",
    "\ud83d\ude00, %F0%9F%98%80",
  })
  void encodesWhatAMessageMayNotHold(String message, String encoded) {
    assertThat(GrpcFields.percentEncoded(message)).isEqualTo(encoded);
  }

  @ParameterizedTest
  @CsvSource({
    "400100, INTERNAL",
    "403100, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "900906, UNIMPLEMENTED",
    "405, UNIMPLEMENTED",
    "408100, DEADLINE_EXCEEDED",
    "413100, RESOURCE_EXHAUSTED",
    "415100, UNIMPLEMENTED",
    "500100, INTERNAL",
    "101503, UNAVAILABLE",
    "101504, DEADLINE_EXCEEDED",
    "101505, UNAVAILABLE",
    "101506, INTERNAL",
    "101510, RESOURCE_EXHAUSTED",
    "303001, UNAVAILABLE",
    "503103, UNAVAILABLE",
    "504100, DEADLINE_EXCEEDED",
  })
  void mapsEveryKindOfRefusal(String code, GrpcStatus status) {
    assertThat(GrpcStatus.of(code(code))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"401, UNAUTHENTICATED", "429, RESOURCE_EXHAUSTED", "499, CANCELLED", "422, INTERNAL"})
  void mapsByStatusWhatHasNoCodeYet(int status, GrpcStatus expected) {
    FaultCode code = new FaultCode("1", status, "Later", FaultCode.INTERNAL.outcome());
    assertThat(GrpcStatus.of(code)).isEqualTo(expected);
  }

  @Test
  void everyTrailerMayPass() {
    Fault refusal = Fault.of(FaultCode.NO_ROUTE, "none");
    List<String> names = GrpcFields.of(refusal).lines().stream().map(Trailers.Line::name).toList();
    assertThat(names)
        .containsExactly("grpc-status", "grpc-message", "tollgate-code")
        .noneMatch(HopByHop::isForbiddenTrailer);
    assertThat(List.of("grpc-status-details-bin", "grpc-retry-pushback-ms", "x-custom-bin"))
        .noneMatch(HopByHop::isForbiddenTrailer);
  }

  @ParameterizedTest
  @CsvSource({"5, 5000", "0, 0", "9999999, ", "'Fri, 31 Dec 1999 23:59:59 GMT', ", "-1, ", ", "})
  void saysWhenToComeBack(String retryAfter, String pushback) {
    assertThat(GrpcFields.pushback(retryAfter)).isEqualTo(pushback);
  }

  private static FaultCode code(String code) {
    return Arrays.stream(FaultCode.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(GrpcFieldsTest::constant)
        .filter(constant -> constant.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  private static FaultCode constant(java.lang.reflect.Field field) {
    try {
      return (FaultCode) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
