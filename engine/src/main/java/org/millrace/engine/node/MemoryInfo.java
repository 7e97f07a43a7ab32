package org.millrace.engine.node;

import static org.millrace.engine.node.InfoSections.human;
import static org.millrace.engine.node.InfoSections.line;

import java.util.Locale;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.MemoryTag;

/** The section Memory of INFO: Redis's fields in its order, then those of our own. */
final class MemoryInfo
{
    private final MemoryFigures figures;
    private final NodeHost host;
    private final NodeData data;
    private final Config config;
    private final Settings settings;
    private final Statistics statistics;

    MemoryInfo(
        final MemoryFigures figures,
        final NodeHost host,
        final NodeData data,
        final Config config,
        final Settings settings,
        final Statistics statistics)
    {
        this.figures = figures;
        this.host = host;
        this.data = data;
        this.config = config;
        this.settings = settings;
        this.statistics = statistics;
    }

    void append(final StringBuilder out)
    {
        figures.refresh();
        both(out, "used_memory", figures.used());
        both(out, "used_memory_rss", figures.resident());
        both(out, "used_memory_peak", figures.peak());
        line(out, "used_memory_peak_perc", percent(figures.peakPercent()));
        line(out, "used_memory_overhead", figures.overhead());
        line(out, "used_memory_startup", figures.startup());
        line(out, "used_memory_dataset", figures.dataset());
        line(out, "used_memory_dataset_perc", percent(figures.datasetPercent()));
        line(out, "allocator_allocated", figures.allocated());
        line(out, "allocator_active", figures.active());
        line(out, "allocator_resident", figures.allocatorResident());
        both(out, "total_system_memory", host.machineBytes());
        scripts(out);
        both(out, "maxmemory", settings.maxMemory);
        line(out, "maxmemory_policy", config.print(ConfigOption.MAXMEMORY_POLICY));
        allocator(out);
        line(out, "mem_not_counted_for_evict", figures.backlog());
        line(out, "mem_replication_backlog", figures.backlog() - figures.replicas());
        line(out, "mem_total_replication_buffers", figures.backlog());
        line(out, "mem_clients_slaves", figures.replicas());
        line(out, "mem_clients_normal", figures.clients());
        line(out, "mem_cluster_links", 0);
        line(out, "mem_aof_buffer", 0);
        line(out, "mem_allocator", "millrace");
        line(out, "active_defrag_running", data.current().isCompacting() ? 1 : 0);
        line(out, "lazyfree_pending_objects", data.current().valuesWaiting());
        line(out, "lazyfreed_objects", Math.max(0, data.current().valuesReleased() - statistics.releasedBefore));
        own(out);
    }

    /** What the machine itself takes is part of the heap, and is not told apart there: those fields are 0. */
    private void scripts(final StringBuilder out)
    {
        final long scripts = figures.scripts();
        final long functions = figures.functions();
        line(out, "used_memory_lua", 0);
        line(out, "used_memory_vm_eval", 0);
        line(out, "used_memory_lua_human", human(0));
        line(out, "used_memory_scripts_eval", scripts);
        line(out, "number_of_cached_scripts", figures.scriptCount());
        line(out, "number_of_functions", figures.functionCount());
        line(out, "number_of_libraries", figures.libraryCount());
        line(out, "used_memory_vm_functions", 0);
        line(out, "used_memory_vm_total", 0);
        line(out, "used_memory_vm_total_human", human(0));
        line(out, "used_memory_functions", functions);
        both(out, "used_memory_scripts", scripts + functions);
    }

    private void allocator(final StringBuilder out)
    {
        line(out, "allocator_frag_ratio", ratio(figures.active(), figures.allocated()));
        line(out, "allocator_frag_bytes", figures.active() - figures.allocated());
        line(out, "allocator_rss_ratio", ratio(figures.allocatorResident(), figures.active()));
        line(out, "allocator_rss_bytes", figures.allocatorResident() - figures.active());
        line(out, "rss_overhead_ratio", ratio(figures.resident(), figures.allocatorResident()));
        line(out, "rss_overhead_bytes", figures.resident() - figures.allocatorResident());
        line(out, "mem_fragmentation_ratio", two(figures.fragmentationRatio()));
        line(out, "mem_fragmentation_bytes", figures.fragmentation());
    }

    private void own(final StringBuilder out)
    {
        final DataSet set = data.current();
        line(out, "millrace_heap_bytes", host.heapBytes());
        for (final MemoryTag tag : MemoryTag.values())
        {
            line(out, "millrace_offheap_" + tag.name().toLowerCase(Locale.ROOT), set.memory().usedBytes(tag));
        }

        for (final String agent : new String[]{"writer", "feeder", "snapshotter"})
        {
            line(out, "millrace_allocated_" + agent, host.allocatedBytes(agent));
        }

        for (int i = 1; i <= config.integer(ConfigOption.READER_THREADS); i++)
        {
            line(out, "millrace_allocated_reader-" + i, host.allocatedBytes("reader-" + i));
        }
    }

    private static void both(final StringBuilder out, final String name, final long bytes)
    {
        line(out, name, bytes);
        line(out, name + "_human", human(bytes));
    }

    private static String ratio(final long bytes, final long ofBytes)
    {
        return two(MemoryFigures.ratio(bytes, ofBytes));
    }

    private static String percent(final double value)
    {
        return two(value) + "%";
    }

    private static String two(final double value)
    {
        return FixedPoint.of(value, 2);
    }
}
