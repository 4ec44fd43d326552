package tollgate.it.harness;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What a running gateway costs, seen from outside: what its JVM counts, by way of the agent that
 * every JVM lets its owner start, and what Linux counts. One thread.
 */
public final class Vitals implements AutoCloseable {
  private final long pid;
  private final JMXConnector connector;
  private final OperatingSystemMXBean system;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  private Vitals(long pid, JMXConnector connector) throws IOException {
    this.pid = pid;
    this.connector = connector;
    MBeanServerConnection beans = connector.getMBeanServerConnection();
    this.system = ManagementFactory.getPlatformMXBean(beans, OperatingSystemMXBean.class);
    this.threads = ManagementFactory.getPlatformMXBean(beans, ThreadMXBean.class);
    this.memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
  }

  @SuppressWarnings("BanJNDI") // the address is what a process that we started says of itself
  public static Vitals of(Tollgate tollgate) throws IOException {
    long pid = tollgate.process().pid();
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        String address = machine.startLocalManagementAgent();
        return new Vitals(pid, JMXConnectorFactory.connect(new JMXServiceURL(address)));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException(e);
    }
  }

  /** Processor time of all its threads since it was started. */
  public long cpuNanos() {
    return system.getProcessCpuTime();
  }

  /** What all its threads have ever allocated in the heap. */
  public long allocatedBytes() {
    return threads.getTotalThreadAllocatedBytes();
  }

  /** What is left in the heap when all that is garbage has been collected. */
  public long liveHeapBytes() {
    // The second one gets what the first one's references and cleaners were holding.
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  public int threadCount() {
    return threads.getThreadCount();
  }

  /** Sockets, files and whatever else has a descriptor. */
  public long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files.count();
    }
  }

  /** Resident memory of the process. */
  public long residentBytes() throws IOException {
    return 1024L
        * Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum();
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
