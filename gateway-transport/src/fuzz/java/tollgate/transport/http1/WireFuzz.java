package tollgate.transport.http1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Coverage-guided: {@link WireProperties} for bytes of Jazzer's making. */
class WireFuzz {
  @FuzzTest(maxDuration = "5m")
  void requests(byte[] bytes) {
    WireProperties.requests(bytes);
  }

  @FuzzTest(maxDuration = "5m")
  void responses(byte[] bytes) {
    WireProperties.responses(bytes);
  }
}
