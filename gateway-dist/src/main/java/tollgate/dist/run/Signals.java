package tollgate.dist.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the operating system. {@code sun.misc.Signal} is the only way to them (a JVM that ends
 * by a shutdown hook exits 143, and SIGHUP would end it), and naming it warns whatever is
 * suppressed, so it is reached by reflection here and nowhere else.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * @param name without {@code SIG}
   * @param action called on a thread of the JVM's for every such signal
   */
  @SuppressWarnings("ReferenceEquality") // what equals of a proxy without state means
  static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler invocation =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "handler of SIG" + name;
              };
      Object adapter =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocation);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.warn("SIG{} cannot be handled here: {}", name, e.toString());
    }
  }
}
