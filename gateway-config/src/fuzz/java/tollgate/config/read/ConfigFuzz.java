package tollgate.config.read;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Coverage-guided: any bytes in a file give a configuration or located problems. */
class ConfigFuzz {
  @FuzzTest(maxDuration = "5m")
  void files(byte[] content) {
    RandomFilesTest.check(content);
  }
}
