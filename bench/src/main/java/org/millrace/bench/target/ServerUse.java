package org.millrace.bench.target;

import java.util.List;

import org.millrace.kit.server.ServerProcess;

/**
 * What a server process has used of the machine so far.
 */
public final class ServerUse
{
    private static final ProcFs PROC = ProcFs.ofThisMachine();

    private ServerUse()
    {
    }

    /**
     * CPU time in microseconds, children that ended included; {@link ProcFs#ABSENT} if unknown.
     */
    public static long cpuUs(final ServerProcess server)
    {
        return PROC.cpuUs(server.pid());
    }

    /**
     * Resident memory in bytes; {@link ProcFs#ABSENT} if unknown.
     */
    public static long residentBytes(final ServerProcess server)
    {
        return PROC.statusBytes(server.pid(), "VmRSS");
    }

    /**
     * Proportional size in bytes: resident memory in which a page that others map too counts in part; {@link
     * ProcFs#ABSENT} if unknown. Takes the kernel milliseconds a GB.
     */
    public static long proportionalBytes(final ServerProcess server)
    {
        return PROC.rollupBytes(server.pid(), "Pss");
    }

    /**
     * Memory of the process and what its forked children have beyond it.
     */
    public static MemorySample memory(final ServerProcess server)
    {
        return memoryOfProcess(server).plus(memoryOfChildren(server));
    }

    /**
     * Memory of the process alone; cheap.
     */
    public static MemorySample memoryOfProcess(final ServerProcess server)
    {
        return MemorySample.ofServer(PROC, server.pid(), server.port());
    }

    /**
     * What the forked children have beyond the process; takes milliseconds for each GB of theirs.
     */
    public static MemorySample memoryOfChildren(final ServerProcess server)
    {
        MemorySample sum = MemorySample.ZERO;
        for (final ProcessHandle child : (Iterable<ProcessHandle>)server.handle().descendants()::iterator)
        {
            sum = sum.plus(MemorySample.ofChild(PROC, child.pid()));
        }

        return sum;
    }

    /** Words of the command line that the process runs with, which a launcher may have replaced. */
    static List<String> runningCommand(final ServerProcess server)
    {
        return PROC.commandLine(server.pid());
    }
}
