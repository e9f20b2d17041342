/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What all threads that are alive have allocated so far. */
final class Allocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocations() {}

  static long bytes() {
    long all = 0;
    for (long of : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      all += Math.max(of, 0);
    }
    return all;
  }
}
