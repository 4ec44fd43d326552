package tollgate.core.handler;

import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.read.Shape;
import tollgate.core.exchange.RouteHandle;

/**
 * A kind of step that a policy may name: how its options are written and how a handler is made of
 * them. Immutable; any thread.
 *
 * @param <O> the options record
 */
public interface HandlerType<O> {
  /** As written in the configuration. */
  String name();

  Stage stage();

  /** Which lists of a policy it may stand in: {@code request}, {@code response} or both. */
  Side sides();

  /**
   * Which directions the handler of a step takes part in; by default that of the list it stands in.
   *
   * @param listed {@link Side#REQUEST} or {@link Side#RESPONSE}
   */
  default Side runs(Side listed) {
    return listed;
  }

  /** How the options are written; what it reads is good for {@link #create}. */
  Shape<O> options();

  /**
   * Makes the handler for one step of one API. Opens nothing and reads no file.
   *
   * @param side {@link Side#REQUEST} or {@link Side#RESPONSE}, the list the step stands in
   */
  Handler create(O options, Side side, HandlerContext context);

  /**
   * What is wrong with the step on this route, which its options alone do not show; null if it is
   * good there. Goes on from the name of the step, as {@code Shape} messages do.
   */
  default @Nullable String problem(O options, RouteHandle route) {
    return null;
  }

  /**
   * As the other {@code problem}, which it asks by default, of a step in one of the two lists.
   *
   * @param listed {@link Side#REQUEST} or {@link Side#RESPONSE}
   * @param operation null where the API serves everything
   */
  default @Nullable String problem(
      O options, Side listed, RouteHandle route, @Nullable OperationConfig operation) {
    return problem(options, route);
  }
}
