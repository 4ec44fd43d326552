package tollgate.core.coding;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which codings this process has the libraries of; each is tried once. Any thread. */
final class Natives {
  private static final Logger LOG = LoggerFactory.getLogger(Natives.class);
  private static final Map<ContentCoding, Boolean> LOADED = new EnumMap<>(ContentCoding.class);

  private Natives() {}

  static boolean isLoaded(ContentCoding coding) {
    synchronized (LOADED) {
      return LOADED.computeIfAbsent(coding, Natives::load);
    }
  }

  private static boolean load(ContentCoding coding) {
    try {
      coding.load();
      return true;
    } catch (LinkageError | RuntimeException e) { // what loaders of natives throw
      LOG.warn("content coding {} is not offered: {}", coding.token(), e.toString());
      return false;
    }
  }
}
