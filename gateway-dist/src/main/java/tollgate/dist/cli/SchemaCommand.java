package tollgate.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tollgate.config.read.SchemaWriter;
import tollgate.dist.run.ExitCode;

/** {@code schema}: the JSON Schema of configuration documents, for editors. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of configuration documents, for editors.")
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  SchemaCommand() {}

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .print(SchemaWriter.write(ProcessPlugins.loadBlocking().vocabulary()));
    return ExitCode.GOOD;
  }
}
