package tollgate.dist.reload;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.Watchable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that something that may matter happened in some folders; what, the reader finds out. On a
 * file system that gives no events (or when there are too many folders) it tells nothing, and the
 * poll finds the change. One thread of its own.
 */
final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  private final @Nullable WatchService service;
  private final Runnable onEvent;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private volatile @Nullable FolderState state;

  FolderWatch(Runnable onEvent) {
    this.onEvent = onEvent;
    this.service = open();
    if (service != null) {
      Thread.ofPlatform().daemon().name("tollgate-watch").start(this::runBlocking);
    }
  }

  private static @Nullable WatchService open() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      LOG.warn("folders cannot be watched ({}); changes are found by polling", e.getMessage());
      return null;
    }
  }

  /** Watches exactly these folders from now on, for what concerns them. One thread at a time. */
  void show(FolderState seen) {
    state = seen;
    Set<Path> folders = seen.folders();
    WatchService open = service;
    if (open == null) {
      return;
    }
    for (Path gone : new HashSet<>(keys.keySet())) {
      if (!folders.contains(gone)) {
        WatchKey key = keys.remove(gone);
        if (key != null) {
          key.cancel();
        }
      }
    }
    for (Path folder : folders) {
      WatchKey key = keys.get(folder);
      if (key == null || !key.isValid()) {
        register(open, folder);
      }
    }
  }

  private void register(WatchService open, Path folder) {
    try {
      keys.put(
          folder,
          folder.register(
              open,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException e) {
      LOG.debug("{} cannot be watched: {}", folder, e.getMessage());
    }
  }

  private void runBlocking() {
    WatchService open = service;
    try {
      while (open != null) {
        WatchKey key = open.take();
        boolean matters = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          matters |= matters(key.watchable(), event.context());
        }
        if (matters) {
          onEvent.run();
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException _) {
      // close() ends it
    }
  }

  /**
   * @param name null where events were lost
   */
  private boolean matters(Watchable folder, @Nullable Object name) {
    FolderState seen = state;
    return seen == null
        || !(folder instanceof Path path)
        || !(name instanceof Path file)
        || seen.concerns(path.resolve(file));
  }

  @Override
  public void close() {
    WatchService open = service;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("the watch did not close", e);
      }
    }
  }
}
