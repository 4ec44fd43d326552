package tollgate.core.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import tollgate.core.exchange.Exchange;
import tollgate.core.http.FieldName;
import tollgate.core.port.NoPermitException;
import tollgate.core.port.Offload;
import tollgate.core.testkit.TestExchange;

class LongWorkTest {
  private static final FieldName MADE = FieldName.of("X-Made");

  private final List<Runnable> elsewhere = new ArrayList<>();
  private boolean isFull;

  private final Offload offload =
      new Offload() {
        @Override
        public <T> CompletionStage<T> blocking(String dependency, Callable<T> task) {
          return compute(task);
        }

        @Override
        public <T> CompletionStage<T> compute(Callable<T> task) {
          if (isFull) {
            return CompletableFuture.failedFuture(new NoPermitException("compute"));
          }
          var result = new CompletableFuture<T>();
          elsewhere.add(() -> {
            try {
              result.complete(task.call());
            } catch (Exception e) {
              result.completeExceptionally(e);
            }
          });
          return result;
        }
      };

  private TestExchange exchange(int bytes) {
    LongWork work = new LongWork(offload, 10);
    return TestExchange.get("/api/x")
        .handler(
            Stage.CONTENT,
            new Handler() {
              @Override
              public String name() {
                return "worker";
              }

              @Override
              public Verdict onRequest(Exchange exchange) {
                return work.run(
                    exchange,
                    bytes,
                    () -> "made",
                    made -> {
                      exchange.request().fields().set(MADE, made);
                      return Verdict.Proceed.PROCEED;
                    });
              }
            })
        .start();
  }

  @Test
  void doesLittleAtOnce() {
    TestExchange exchange = exchange(10);
    assertThat(elsewhere).isEmpty();
    assertThat(exchange.upstream().call().head().fields().first(MADE)).isEqualTo("made");
    exchange.upstream().call().answer(200, "");
  }

  @Test
  void doesMuchElsewhereAndTouchesTheExchangeOnItsLoop() {
    TestExchange exchange = exchange(11);
    elsewhere.forEach(Runnable::run);
    assertThat(exchange.upstream().calls()).isEmpty();
    exchange.loop().runTasks();
    assertThat(exchange.upstream().call().head().fields().first(MADE)).isEqualTo("made");
    exchange.upstream().call().answer(200, "");
  }

  @Test
  void tooMuchToDoIsNoBug() {
    isFull = true;
    TestExchange exchange = exchange(11);
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(503);
  }
}
