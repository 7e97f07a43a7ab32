package org.millrace.io.thread;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.base.ParkingAgent;

/** Agents that one thread runs in turn, in the order in which they were added. */
public final class AgentGroup implements ParkingAgent
{
    private final String name;
    private final List<ParkingAgent> members = new ArrayList<>();
    private ParkingAgent[] agents = new ParkingAgent[0];

    public AgentGroup(final String name, final ParkingAgent... agents)
    {
        this.name = name;
        for (final ParkingAgent agent : agents)
        {
            add(agent);
        }
    }

    /** Before its thread starts: another one. */
    public void add(final ParkingAgent agent)
    {
        members.add(agent);
        agents = members.toArray(ParkingAgent[]::new);
    }

    @Override
    public String roleName()
    {
        return name;
    }

    @Override
    public void onStart()
    {
        for (final ParkingAgent agent : agents)
        {
            agent.onStart();
        }
    }

    @Override
    public int doWork() throws Exception
    {
        int work = 0;
        for (final ParkingAgent agent : agents)
        {
            work += agent.doWork();
        }

        return work;
    }

    @Override
    public long prepareToPark()
    {
        long parkNs = Long.MAX_VALUE;
        for (final ParkingAgent agent : agents)
        {
            parkNs = Math.min(parkNs, agent.prepareToPark());
            if (0 >= parkNs)
            {
                return 0;
            }
        }

        return parkNs;
    }

    @Override
    public void unpark()
    {
        for (final ParkingAgent agent : agents)
        {
            agent.unpark();
        }
    }

    /** All of them, whatever becomes of one. */
    @Override
    public void onClose()
    {
        RuntimeException failure = null;
        for (final ParkingAgent agent : agents)
        {
            try
            {
                agent.onClose();
            }
            catch (final RuntimeException e)
            {
                if (null == failure)
                {
                    failure = e;
                }
                else
                {
                    failure.addSuppressed(e);
                }
            }
        }

        if (null != failure)
        {
            throw failure;
        }
    }
}
