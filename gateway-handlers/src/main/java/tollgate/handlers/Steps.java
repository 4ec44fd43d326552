package tollgate.handlers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.read.StepPlace;
import tollgate.config.read.StepShape;
import tollgate.config.read.StepShapes;
import tollgate.core.chain.Chain;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/**
 * The steps that policies may name: those that come with the gateway, and those of plug-ins.
 * Immutable; any thread.
 */
public final class Steps {
  /** Those that come with the gateway. */
  public static final Steps BUILT_IN = builtInAnd(List.of());

  private final Map<String, HandlerType<?>> byName;
  private final StepShapes shapes;

  private Steps(Map<String, HandlerType<?>> byName, StepShapes shapes) {
    this.byName = byName;
    this.shapes = shapes;
  }

  /**
   * Those that come with the gateway, and others.
   *
   * @throws IllegalArgumentException where a name is there twice, or is no name of a step
   */
  public static Steps builtInAnd(List<HandlerType<?>> further) {
    Map<String, HandlerType<?>> byName = new TreeMap<>();
    List<StepShape<?>> shapes = new ArrayList<>();
    List<HandlerType<?>> all = new ArrayList<>(BuiltInHandlers.steps());
    all.addAll(further);
    for (HandlerType<?> type : all) {
      byName.put(type.name(), type);
      shapes.add(shape(type));
    }
    return new Steps(byName, StepShapes.of(shapes));
  }

  /** How their options are written, for the reader of the configuration. */
  public StepShapes shapes() {
    return shapes;
  }

  /**
   * Makes the handler of a step.
   *
   * @param side which list of the policy it stands in: {@link Side#REQUEST} or {@link
   *     Side#RESPONSE}
   * @throws IllegalArgumentException if there is no such step; one that {@link #shapes} has read is
   *     there
   * @throws StepFailedException for what the step's own code throws
   */
  public Chain.Entry step(StepConfig step, Side side, HandlerContext context) {
    return entry(type(step), step, side, context);
  }

  /**
   * What is wrong with a step on a route; null if it is good there. See {@link
   * HandlerType#problem}.
   */
  public @Nullable String problem(
      StepConfig step, Side side, RouteHandle route, @Nullable OperationConfig operation) {
    return problem(type(step), step, side, route, operation);
  }

  /** The stage a step belongs to. */
  public Stage stage(StepConfig step) {
    return type(step).stage();
  }

  private static <O> Chain.Entry entry(
      HandlerType<O> type, StepConfig step, Side side, HandlerContext context) {
    O options = step.options(type.options().type());
    try {
      return new Chain.Entry(type.create(options, side, context), type.stage(), type.runs(side));
    } catch (RuntimeException | LinkageError e) {
      throw new StepFailedException(step, e);
    }
  }

  private static <O> @Nullable String problem(
      HandlerType<O> type,
      StepConfig step,
      Side side,
      RouteHandle route,
      @Nullable OperationConfig operation) {
    O options = step.options(type.options().type());
    try {
      return type.problem(options, side, route, operation);
    } catch (RuntimeException | LinkageError e) {
      throw new StepFailedException(step, e);
    }
  }

  private HandlerType<?> type(StepConfig step) {
    HandlerType<?> type = byName.get(step.name());
    if (type == null) {
      throw new IllegalArgumentException(
          step.name()
              + ": no such step (expected one of: "
              + String.join(", ", byName.keySet())
              + ")");
    }
    return type;
  }

  private static <O> StepShape<O> shape(HandlerType<O> type) {
    StepPlace[] places =
        switch (type.sides()) {
          case REQUEST -> new StepPlace[] {StepPlace.REQUEST};
          case RESPONSE -> new StepPlace[] {StepPlace.RESPONSE};
          case BOTH -> StepPlace.values();
        };
    return StepShape.of(type.name(), type.options(), places);
  }
}
