package org.millrace.engine.node;

/** The sections of INFO in their order, and who has what to say in each. Writer thread. */
final class NodeInfo
{
    private final InfoReport report = new InfoReport();

    NodeInfo(
        final NodeParts parts,
        final NodeIdentity identity,
        final ErrorCounts errors,
        final LatencyStatistics latencies)
    {
        final MemoryInfo memory = new MemoryInfo(
            parts.memory(), parts.host(), parts.nodeData(), parts.config(), parts.settings(), parts.statistics());
        final InfoSections sections = new InfoSections(
            parts.host(),
            identity,
            parts.config(),
            parts.nodeData(),
            parts.state(),
            parts.clients(),
            parts.readers(),
            errors,
            parts.table(),
            parts.persistence(),
            parts.durability());
        report.add("Server", true, (out) ->
        {
            sections.server(out);
            if (parts.shutdown().isWaiting())
            {
                InfoSections.line(out, "shutdown_in_milliseconds",
                    parts.shutdown().remainingMs(parts.writer().steadyMs()));
            }
        });
        report.add("Clients", true, sections::clients);
        report.add("Memory", true, memory::append);
        report.add("Persistence", true, sections::persistence);
        report.add("Stats", true, new StatsInfo(parts)::append);
        report.add("Replication", true, parts.replication()::info);
        report.add("CPU", true, sections::cpu);
        report.add("Modules", true, (out) ->
        {
        });
        report.add("Commandstats", false, sections::commandStatistics);
        report.add("Errorstats", true, sections::errorStatistics);
        report.add("Latencystats", false, latencies::info);
        report.add("Cluster", true, (out) -> InfoSections.line(out, "cluster_enabled", 0));
        report.add("Keyspace", true, sections::keyspace);
    }

    InfoReport report()
    {
        return report;
    }
}
