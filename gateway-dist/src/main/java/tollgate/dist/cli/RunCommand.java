package tollgate.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tollgate.dist.run.GatewayProcess;

/** {@code run}: the gateway itself. */
@Command(name = "run", description = "Runs the gateway until SIGTERM, SIGINT or drain.")
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigurationFolder folder = new ConfigurationFolder();

  RunCommand() {}

  @Override
  public Integer call() {
    Build build = Build.present();
    return GatewayProcess.runBlocking(folder.path(), build.version(), build.revision());
  }
}
