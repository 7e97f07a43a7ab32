package org.millrace.embed;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.keyspace.ViewPin;

/**
 * Where the program's threads ask the writer for the pins of their views, past the ring of commands: a view need not wait
 * for writes that wait. Runs on the writer's thread, between two units. No garbage.
 */
final class ViewPins implements ParkingAgent
{
    private final CommandInbox inbox;
    private final Runnable wakeup;

    /** How often anybody has asked for something, or let something go. */
    private final AtomicLong asked = new AtomicLong();

    // Writer.
    private final List<ViewPin> pins = new ArrayList<>();
    private long seen;

    /** @param wakeup makes the writer look, whether it sleeps or not; called from any thread. */
    ViewPins(final CommandInbox inbox, final Runnable wakeup)
    {
        this.inbox = inbox;
        this.wakeup = wakeup;
    }

    // Any thread.

    /**
     * Have a pin opened; returns once it is.
     *
     * @return the entry that the key has at that moment, or 0.
     * @throws IllegalStateException the node is closed, or this is a thread of its own that is not the writer's.
     */
    long open(final ViewPin pin, final int database, final long keyAddress, final int keyLength)
    {
        if (inbox.isWriterThread())
        {
            pin.ask(database, keyAddress, keyLength);
            pin.serve();
            return pin.entry();
        }

        inbox.refuseOwnThread();
        pin.ask(database, keyAddress, keyLength);
        try
        {
            call();
            for (int tries = 0; !pin.isOpen(); tries++)
            {
                inbox.checkOpen();
                CommandInbox.await(tries);
            }
        }
        finally
        {
            if (!pin.isOpen())
            {
                pin.giveUp();
            }
        }

        return pin.entry();
    }

    /** The reader looks at nothing any more. */
    void release(final ViewPin pin)
    {
        if (pin.release())
        {
            call();
        }
    }

    /** The pin is not used any more. */
    void close(final ViewPin pin)
    {
        pin.close();
        call();
    }

    private void call()
    {
        asked.incrementAndGet();
        // It must be visible before we look whether the writer sleeps, as for commands.
        VarHandle.fullFence();
        if (!inbox.isClosed())
        {
            wakeup.run();
        }
    }

    // Writer.

    /** Serve this pin, too. */
    void add(final ViewPin pin)
    {
        pins.add(pin);
    }

    @Override
    public String roleName()
    {
        return "views";
    }

    @Override
    public int doWork()
    {
        final long now = asked.get();
        if (seen == now)
        {
            return 0;
        }

        seen = now;
        int served = 0;
        for (int i = pins.size() - 1; i >= 0; i--)
        {
            final ViewPin pin = pins.get(i);
            served += pin.serve() ? 1 : 0;
            if (pin.isClosed())
            {
                pins.remove(i);
            }
        }

        return served;
    }
}
