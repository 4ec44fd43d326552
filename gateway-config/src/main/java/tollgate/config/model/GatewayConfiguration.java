package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Everything a root folder says. Immutable. Names are unique and references lead somewhere.
 *
 * @param root the folder all relative file names in the configuration start from
 * @param shownRoot the same folder as problems print it
 * @param upstreams in order of file and place, like the other lists
 * @param files the configuration files themselves, absolute
 * @param referencedFiles other files the configuration names (certificates, {@code ${file:}}),
 *     absolute; a change of one is a change of the configuration
 */
public record GatewayConfiguration(
    Path root,
    Path shownRoot,
    Declared<GatewayConfig> gateway,
    List<Declared<UpstreamConfig>> upstreams,
    List<Declared<ApiConfig>> apis,
    List<Declared<PolicyConfig>> policies,
    Set<Path> files,
    Set<Path> referencedFiles) {
  public GatewayConfiguration {
    requireNonNull(root, "root");
    requireNonNull(shownRoot, "shownRoot");
    requireNonNull(gateway, "gateway");
    upstreams = List.copyOf(upstreams);
    apis = List.copyOf(apis);
    policies = List.copyOf(policies);
    files = Set.copyOf(files);
    referencedFiles = Set.copyOf(referencedFiles);
  }
}
