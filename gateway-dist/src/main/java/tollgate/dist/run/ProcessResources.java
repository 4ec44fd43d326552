package tollgate.dist.run;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;

/** How much of what the process may have it has, each as a share of 1. One thread. */
final class ProcessResources {
  private static final int CALLS_PER_COUNT = 10;

  private final List<MemoryPoolMXBean> lastingHeap =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP && isLasting(pool))
          .toList();
  private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
  private int calls;
  private double fileDescriptors;

  /** Where what survives ends up: there a collection tells what is really needed. */
  private static boolean isLasting(MemoryPoolMXBean pool) {
    return pool.isUsageThresholdSupported() && pool.getCollectionUsage() != null;
  }

  /** What the last collection of the old generation left; 0 before the first. */
  double heapAfterCollection() {
    double share = 0;
    for (MemoryPoolMXBean pool : lastingHeap) {
      MemoryUsage left = pool.getCollectionUsage();
      MemoryUsage now = pool.getUsage();
      long max = left.getMax() > 0 ? left.getMax() : Runtime.getRuntime().maxMemory();
      share = Math.max(share, (double) Math.min(left.getUsed(), now.getUsed()) / max);
    }
    return share;
  }

  /** Collections so far. */
  long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += Math.max(0, collector.getCollectionCount());
    }
    return count;
  }

  /** What buffers hold, of the pool's or not; where the latter are not counted, the pool's. */
  double directMemory() {
    long used = PlatformDependent.usedDirectMemory();
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      used = Math.max(used, provider.metric().usedDirectMemory());
    }
    return (double) Math.max(0, used) / PlatformDependent.maxDirectMemory();
  }

  /**
   * Files and sockets; 0 where nobody knows. The system is asked at every tenth call: it counts by
   * listing them, ten thousand of them too.
   */
  double fileDescriptors() {
    if (calls++ % CALLS_PER_COUNT == 0
        && system instanceof UnixOperatingSystemMXBean unix
        && unix.getMaxFileDescriptorCount() > 0) {
      fileDescriptors =
          (double) unix.getOpenFileDescriptorCount() / unix.getMaxFileDescriptorCount();
    }
    return fileDescriptors;
  }
}
