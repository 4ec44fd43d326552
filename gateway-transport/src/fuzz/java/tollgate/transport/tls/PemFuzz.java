package tollgate.transport.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Coverage-guided: whatever a key or certificate file holds is read or refused in words. */
class PemFuzz {
  @FuzzTest(maxDuration = "5m")
  void files(byte[] content) {
    MutatedPemTest.read(content);
  }
}
