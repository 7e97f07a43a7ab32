package org.millrace.io.host;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.millrace.engine.base.Clock;
import org.millrace.engine.node.NodeHost;

/** The real process around a node. */
public final class SystemHost implements NodeHost
{
    private final Clock clock = new SystemClock();
    private final SecureRandom random = new SecureRandom();
    private final ProcessFigures figures = new ProcessFigures();
    private final IntConsumer onExit;
    private Runnable busyTurn = () ->
    {
    };
    private BooleanSupplier ending = () -> false;
    private Supervision supervision = Supervision.NONE;
    private long machineBytes;

    public SystemHost(final IntConsumer onExit)
    {
        this.onExit = onExit;
    }

    /** Before the node starts. */
    public void supervised(final Supervision by)
    {
        supervision = by;
    }

    /**
     * Before the node starts: what can be done in the midst of a turn of the writer that takes long, and how it learns that
     * it is to be the last.
     */
    public void busy(final Runnable turn, final BooleanSupplier isEnding)
    {
        busyTurn = turn;
        ending = isEnding;
    }

    public ProcessFigures figures()
    {
        return figures;
    }

    @Override
    public Clock clock()
    {
        return clock;
    }

    @Override
    public long random()
    {
        return random.nextLong();
    }

    @Override
    public long residentBytes()
    {
        return ProcessFigures.residentBytes();
    }

    @Override
    public long machineBytes()
    {
        if (0 == machineBytes)
        {
            // Some files are read for it, and it stays what it is.
            machineBytes = ProcessFigures.machineBytes();
        }

        return machineBytes;
    }

    @Override
    public long heapBytes()
    {
        return ProcessFigures.heapBytes();
    }

    @Override
    public long cpuMicros(final boolean isSystem)
    {
        return ProcessFigures.cpuMicros(isSystem);
    }

    @Override
    public long agentCpuMicros(final String agent, final boolean isSystem)
    {
        return figures.cpuMicros(agent, isSystem);
    }

    @Override
    public long allocatedBytes(final String agent)
    {
        return figures.allocatedBytes(agent);
    }

    @Override
    public void exit(final int code)
    {
        onExit.accept(code);
    }

    @Override
    public void sleep(final long micros)
    {
        final long end = clock.monotonicNs() + TimeUnit.MICROSECONDS.toNanos(micros);
        for (long left; (left = end - clock.monotonicNs()) > 0;)
        {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void serveWhileBusy()
    {
        busyTurn.run();
    }

    @Override
    public boolean isEnding()
    {
        return ending.getAsBoolean();
    }

    @Override
    public String supervisor()
    {
        return supervision.name();
    }

    @Override
    public void onStopping()
    {
        supervision.stopping();
    }

    @Override
    public void onInSync(final boolean isPartial)
    {
        supervision.inSync(isPartial);
    }
}
