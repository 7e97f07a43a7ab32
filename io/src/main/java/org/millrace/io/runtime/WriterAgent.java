package org.millrace.io.runtime;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.node.Node;

/** The writer's part of a node as an agent. The node is closed once all agents are. */
final class WriterAgent implements ParkingAgent
{
    private final Node node;

    WriterAgent(final Node node)
    {
        this.node = node;
    }

    @Override
    public String roleName()
    {
        return "writer";
    }

    @Override
    public int doWork()
    {
        return node.doWork();
    }

    @Override
    public long prepareToPark()
    {
        return TimeUnit.MILLISECONDS.toNanos(node.idleMs());
    }
}
