package tollgate.dist.cli;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tollgate.dist.run.ExitCode;

/** {@code version}: what runs here. */
@Command(
    name = "version",
    description = "Shows the version, its source revision, and what it runs on.")
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  VersionCommand() {}

  @Override
  public Integer call() {
    Build build = Build.present();
    PrintWriter out = spec.commandLine().getOut();
    out.println("tollgate " + build.version() + " (revision " + build.revision() + ")");
    out.println("java     " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
    out.println("netty    " + netty());
    out.println("sockets  " + (Epoll.isAvailable() ? "epoll" : "nio"));
    out.println("tls      " + (OpenSsl.isAvailable() ? OpenSsl.versionString() : "JDK"));
    return ExitCode.GOOD;
  }

  private static String netty() {
    Version version = Version.identify().get("netty-transport");
    return version == null ? "unknown" : version.artifactVersion();
  }
}
