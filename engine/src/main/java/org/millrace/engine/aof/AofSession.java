package org.millrace.engine.aof;

import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.Session;

/** Who says what stands in an append-only file: it is obeyed as a primary is, and nothing of it goes into the stream. */
final class AofSession extends Session
{
    AofSession(final long id)
    {
        super(id);
        isPrimaryLink = true;
        isAuthenticated = true;
        isNoTouch = true;
        isBesideStream = true;
    }

    /** Nobody waits: as if the time were over. */
    @Override
    protected void block(final BlockedCommand blocked)
    {
        blocked.end();
    }
}
