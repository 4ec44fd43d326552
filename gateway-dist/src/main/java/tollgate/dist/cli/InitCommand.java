package tollgate.dist.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.config.read.SchemaWriter;
import tollgate.dist.run.ExitCode;

/** {@code init}: a configuration to begin with. */
@Command(
    name = "init",
    description =
        "Writes a small commented configuration and its JSON Schema into a folder. Overwrites"
            + " nothing.")
final class InitCommand implements Callable<Integer> {
  static final String SCHEMA = "tollgate.schema.json";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The folder; made if it is not there.")
  private Path folder = Path.of("");

  InitCommand() {}

  @Override
  public Integer call() {
    try {
      write("gateway.yaml", template("gateway.yaml"));
      write("conf.d/hello.yaml", template("hello.yaml"));
      write(SCHEMA, SchemaWriter.write(ProcessPlugins.loadBlocking().vocabulary()));
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailedException(
          ExitCode.FAILED, e.getFile() + " is there already; nothing is overwritten");
    } catch (IOException e) {
      throw new CommandFailedException(ExitCode.FAILED, folder + " cannot be written to: " + e);
    }
    spec.commandLine().getOut().println("next: tollgate run --conf " + folder);
    return ExitCode.GOOD;
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(requireNonNull(file.getParent(), "a file in a folder"));
    Files.writeString(file, text, UTF_8, CREATE_NEW);
    spec.commandLine().getOut().println("wrote " + file);
  }

  private static String template(String name) throws IOException {
    try (InputStream in =
        requireNonNull(InitCommand.class.getResourceAsStream("init/" + name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
