package tollgate.dist.reload;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.ReloadConfig;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.config.text.Location;
import tollgate.dist.assembly.Assembly;
import tollgate.dist.assembly.GatewaySnapshot;
import tollgate.dist.assembly.Generations;

/**
 * Puts new generations in place. All work is done on one thread, {@code tollgate-reload}, so that
 * two reloads never meet. It is told by the folder watch (waiting until the folder has been quiet
 * for a moment), by a poll, by SIGHUP and by the control socket.
 *
 * <p>All or nothing: with any problem in any file the old generation serves on.
 */
public final class Reloader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
  private static final long QUIET_MILLIS = 100;
  private static final int MOST_QUIET_WAITS = 10;

  /** How often the folder is read anew because it changed meanwhile. */
  private static final int MOST_READS = 10;

  /** Every so many polls the content is looked at though no file seems to have changed. */
  private static final int POLLS_PER_CONTENT_CHECK = 10;

  private final Path root;
  private final ConfigReader reader;
  private final Assembly assembly;
  private final Generations generations;
  private final Supplier<List<Diagnostic>> certificates;
  private final Consumer<ReloadResult> results;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final Thread thread;
  private @Nullable FolderWatch watch;
  private @Nullable FolderState seen;
  private @Nullable GatewayConfig startedWith;
  private List<Diagnostic> lastProblems = List.of();
  private int polls;
  private volatile boolean isClosed;

  /** Why to look; {@code done} is null for those who do not wait for the answer. */
  private record Request(String trigger, @Nullable CompletableFuture<ReloadResult> done) {}

  private static final String POLL = "poll";
  private static final String WATCH = "watch";

  private static final Request NUDGE = new Request(WATCH, null);

  /**
   * @param certificates reads the listeners' certificates again; gives the problems, with any of
   *     which the old ones stay
   * @param results is told of every attempt but those that found nothing changed by themselves
   */
  public Reloader(
      Path root,
      ConfigReader reader,
      Assembly assembly,
      Generations generations,
      Supplier<List<Diagnostic>> certificates,
      Consumer<ReloadResult> results) {
    this.root = root;
    this.reader = reader;
    this.assembly = assembly;
    this.generations = generations;
    this.certificates = certificates;
    this.results = results;
    this.thread = Thread.ofPlatform().daemon().name("tollgate-reload").unstarted(this::runBlocking);
  }

  /** Begins to watch, from what is served now. */
  public void start() {
    GatewayConfiguration configuration = generations.present().configuration();
    startedWith = configuration.gateway().value();
    ReloadConfig settings = configuration.gateway().value().reload();
    if (settings.watch()) {
      watch = new FolderWatch(() -> requests.add(NUDGE));
      look();
    }
    thread.start();
  }

  /** Loads the configuration now, whether anything seems to have changed or not. Any thread. */
  public CompletionStage<ReloadResult> reload(String trigger) {
    CompletableFuture<ReloadResult> done = new CompletableFuture<>();
    requests.add(new Request(trigger, done));
    return done;
  }

  private void runBlocking() {
    try {
      while (!isClosed) {
        ReloadConfig settings = generations.present().configuration().gateway().value().reload();
        Duration pause = settings.watch() ? settings.poll() : Duration.ofSeconds(1);
        Request request = requests.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (request == null) {
          poll(settings);
        } else if (request.done() == null) {
          waitForQuietBlocking();
          reloadIfChanged(request.trigger());
        } else {
          answer(request);
        }
        generations.closeFinishedBlocking();
      }
    } catch (InterruptedException _) {
      // close() ends it
    }
  }

  private void poll(ReloadConfig settings) throws InterruptedException {
    if (!settings.watch()) {
      return;
    }
    boolean isContentCheck = ++polls % POLLS_PER_CONTENT_CHECK == 0;
    FolderState before = seen;
    look();
    if (!requireNonNull(seen).equals(before)) {
      waitForQuietBlocking();
      reloadIfChanged(POLL);
    } else if (isContentCheck) {
      reloadIfChanged(POLL);
    }
  }

  /**
   * Takes further nudges out of the queue until none comes for a moment; a request that is waited
   * for ends the wait.
   */
  private void waitForQuietBlocking() throws InterruptedException {
    for (int i = 0; i < MOST_QUIET_WAITS; i++) {
      Request next = requests.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null) {
        return;
      }
      if (next.done() != null) {
        answer(next);
      }
    }
  }

  private void answer(Request request) throws InterruptedException {
    ReloadResult result;
    try {
      result = load(request.trigger());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("reload ({}) failed; the old configuration serves on", request.trigger(), e);
      requireNonNull(request.done()).completeExceptionally(e);
      return;
    }
    results.accept(result);
    requireNonNull(request.done()).complete(result);
  }

  private void reloadIfChanged(String trigger) throws InterruptedException {
    try {
      ReloadResult result = load(trigger);
      if (!(result instanceof ReloadResult.Unchanged)) {
        results.accept(result);
      }
    } catch (RuntimeException | LinkageError e) {
      if (!isClosed) { // else it is close() that interrupted a reading
        LOG.error("reload ({}) failed; the old configuration serves on", trigger, e);
      }
    }
  }

  private ReloadResult load(String trigger) throws InterruptedException {
    Loaded<GatewayConfiguration> read = readBlocking();
    if (read == null) {
      // The next look must not take this state for one that was read.
      seen = null;
      return trigger.equals(POLL) || trigger.equals(WATCH)
          ? new ReloadResult.Unchanged(generations.present().generation()) // tried again soon
          : refused(trigger, List.of(unsteady()));
    }
    return switch (read) {
      case Loaded.Invalid<GatewayConfiguration> invalid -> refused(trigger, invalid.problems());
      case Loaded.Valid<GatewayConfiguration> valid -> {
        GatewayConfiguration served = generations.present().configuration();
        Changes changes = Changes.between(Changes.objects(served), Changes.objects(valid.value()));
        if (changes.isEmpty() && lastProblems.isEmpty()) {
          yield new ReloadResult.Unchanged(generations.present().generation());
        }
        yield compile(trigger, valid, changes);
      }
    };
  }

  /**
   * Reads the folder when nothing changes meanwhile: what is read while files are written, or while
   * a {@code ..data} link is swapped, may be half of the old and half of the new, and be valid.
   *
   * @return null if it never was still
   */
  private @Nullable Loaded<GatewayConfiguration> readBlocking() throws InterruptedException {
    look();
    for (int i = 0; i < MOST_READS; i++) {
      FolderState before = seen;
      Loaded<GatewayConfiguration> read = reader.readBlocking(root);
      // Files that are referenced for the first time make a difference too; the next read is quick.
      look();
      if (requireNonNull(seen).equals(before)) {
        return read;
      }
      if (i > 0) {
        TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
        look();
      }
    }
    return null;
  }

  private Diagnostic unsteady() {
    return Diagnostic.error(
        Location.ofFile(root.toString()), "", "changes all the time while it is read");
  }

  private ReloadResult compile(
      String trigger, Loaded.Valid<GatewayConfiguration> valid, Changes changes) {
    return switch (assembly.compileBlocking(valid.value(), valid.warnings())) {
      case Loaded.Invalid<GatewaySnapshot> invalid -> refused(trigger, invalid.problems());
      case Loaded.Valid<GatewaySnapshot> compiled -> {
        List<Diagnostic> problems = certificates.get();
        if (!problems.isEmpty()) {
          compiled.value().close();
          yield refused(trigger, problems);
        }
        generations.serve(compiled.value());
        lastProblems = List.of();
        yield applied(trigger, compiled, changes);
      }
    };
  }

  private ReloadResult applied(
      String trigger, Loaded.Valid<GatewaySnapshot> compiled, Changes changes) {
    GatewaySnapshot snapshot = compiled.value();
    boolean needsRestart = !snapshot.configuration().gateway().value().equals(startedWith);
    LOG.info("generation {} serves (reload by {}): {}", snapshot.generation(), trigger, changes);
    compiled.warnings().forEach(warning -> LOG.warn("{}", warning));
    if (needsRestart) {
      LOG.warn(
          "kind Gateway has changed: its listeners, status and state take effect at the next"
              + " start");
    }
    return new ReloadResult.Applied(
        snapshot.generation(), changes, compiled.warnings(), needsRestart);
  }

  private ReloadResult refused(String trigger, List<Diagnostic> problems) {
    if (trigger.equals(POLL) && problems.equals(lastProblems)) {
      return new ReloadResult.Unchanged(generations.present().generation()); // said before
    }
    lastProblems = List.copyOf(problems);
    long errors = problems.stream().filter(Diagnostic::isError).count();
    long generation = generations.present().generation();
    LOG.error(
        "reload by {} refused with {} problem(s); generation {} serves on",
        trigger,
        errors,
        generation);
    problems.forEach(problem -> LOG.error("{}", problem));
    return new ReloadResult.Refused(generation, problems);
  }

  private void look() {
    FolderState state = FolderState.ofBlocking(root, reader.watchedFiles());
    seen = state;
    FolderWatch watching = watch;
    if (watching != null) {
      watching.show(state);
    }
  }

  /** Ends the thread; a reload that is under way is finished first. */
  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    FolderWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
  }
}
