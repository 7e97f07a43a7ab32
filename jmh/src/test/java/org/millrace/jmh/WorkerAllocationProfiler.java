package org.millrace.jmh;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Heap bytes that the threads which run a benchmark have allocated during an iteration, and no other thread; of several
 * iterations the least, as the last one also undoes what was set up.
 */
public final class WorkerAllocationProfiler implements InternalProfiler
{
    static final String LABEL = "worker.alloc";

    private static final String WORKER_NAME_PART = "jmh-worker";

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private long before;

    @Override
    public String getDescription()
    {
        return "Heap bytes allocated by the benchmark's threads";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration)
    {
        before = allocatedBytes();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Collection<? extends Result> afterIteration(
        final BenchmarkParams benchmark, final IterationParams iteration, final IterationResult result)
    {
        return List.of(new ScalarResult(LABEL, allocatedBytes() - before, "B", AggregationPolicy.MIN));
    }

    private long allocatedBytes()
    {
        long sum = 0;
        for (final ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds()))
        {
            if (null != thread && thread.getThreadName().contains(WORKER_NAME_PART))
            {
                sum += threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }

        return sum;
    }
}
