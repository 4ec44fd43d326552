package tollgate.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code import}: configuration made of descriptions of others. */
@Command(
    name = "import",
    description = "Writes a configuration document made of a description of another form.",
    subcommands = ImportOpenApiCommand.class)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  ImportCommand() {}

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "what to import is missing (expected: openapi)");
  }
}
