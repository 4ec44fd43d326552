package tollgate.core.http;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Coverage-guided: paths, hosts and lists of hops. */
class TextFuzz {
  @FuzzTest(maxDuration = "5m")
  void texts(byte[] text) {
    MutatedTextTest.check(text);
  }
}
