package org.millrace.engine.snapshot;

import org.agrona.concurrent.Agent;

/** Pops the cut's references, copies entries into the spool, computes the checksum. Never touches a socket. */
public final class Snapshotter implements Agent
{
    Snapshotter()
    {
    }

    @Override
    public int doWork()
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public String roleName()
    {
        return "snapshotter";
    }
}
