package org.millrace.engine.keyspace;

import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.tree.Pins;
import org.millrace.engine.value.ValueLayout;

/**
 * How a foreign thread gets at a value as it is between two units, and has it kept so while it looks at it: the writer says
 * which entry the key has, and if the value is a large one opens a pin. One per {@link KeyReader}, whose thread stays within its epoch from
 * before {@link #ask} to behind {@link #release}, so that nothing it is shown is used again.
 * <pre>
 *           ask               serve                  release              serve
 *   IDLE ---------> ASKED ----------------> OPEN -------------> RELEASED -------> IDLE
 *                     |                      |                     |
 *                     |  give up: RELEASED   |  ask: ASKED         |  ask: ASKED
 * </pre>
 * Who asks again looks at nothing any more that he was shown before.
 */
public final class ViewPin
{
    private static final int IDLE = 0;
    private static final int ASKED = 1;
    private static final int SERVING = 2;
    private static final int OPEN = 3;
    private static final int RELEASED = 4;
    private static final int CLOSED = 5;

    /** No number of {@link Pins}. */
    private static final long NONE = 0;

    private final DataSet data;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    // Handed over with the state.
    private int database;
    private long key;
    private int keyLength;
    private long entry;

    /** Writer. */
    private long number = NONE;

    ViewPin(final DataSet data)
    {
        this.data = data;
    }

    // Reader.

    /** Want the entry of a key, kept as it is; the key's name stays where it is until {@link #isOpen} or {@link #giveUp}. */
    public void ask(final int database, final long keyAddress, final int keyLength)
    {
        this.database = database;
        key = keyAddress;
        this.keyLength = keyLength;
        state.set(ASKED);
    }

    /** True once what was asked for is there. */
    public boolean isOpen()
    {
        return OPEN == state.get();
    }

    /** What the key had when the pin was opened, or {@link Entry#NO_ENTRY}. */
    public long entry()
    {
        return entry;
    }

    /** What was asked for is not wanted any more: from here on the writer does not look at the key's name. */
    public void giveUp()
    {
        if (!state.compareAndSet(ASKED, RELEASED))
        {
            while (SERVING == state.get())
            {
                Thread.onSpinWait();
            }

            state.compareAndSet(OPEN, RELEASED);
        }
    }

    /** Nothing is looked at any more. @return true if the writer has something to do then. */
    public boolean release()
    {
        return state.compareAndSet(OPEN, RELEASED);
    }

    /** As {@link #release}, and the pin is never asked for again. The writer finds out when it serves. */
    public void close()
    {
        state.set(CLOSED);
    }

    // Writer, between two units.

    /** Do what the reader wants. @return true if that was anything. */
    public boolean serve()
    {
        if (state.compareAndSet(ASKED, SERVING))
        {
            // Whatever happens, the reader must not wait for the end of this for ever.
            int then = RELEASED;
            try
            {
                give();
                then = OPEN;
            }
            finally
            {
                state.set(then);
            }

            return true;
        }

        final boolean isReleased = state.compareAndSet(RELEASED, IDLE);
        if (isReleased)
        {
            unpin(number);
            number = NONE;
        }

        return isReleased;
    }

    private void give()
    {
        final long former = number;
        entry = data.keyspace(database).find(key, keyLength);
        number = Entry.NO_ENTRY != entry && mayChangeInPlace(entry) ? data.pins().open() : NONE;
        unpin(former);
    }

    /** While a reader is open, entries do not change; what hangs on those of large values may. */
    private static boolean mayChangeInPlace(final long entry)
    {
        return ValueLayout.of(Entry.type(entry)).isLarge(Entry.value(entry));
    }

    /** True if the reader is closed: this is not to be served any more. */
    public boolean isClosed()
    {
        final boolean isClosed = CLOSED == state.get();
        if (isClosed)
        {
            unpin(number);
            number = NONE;
        }

        return isClosed;
    }

    private void unpin(final long pin)
    {
        if (NONE != pin)
        {
            data.pins().close(pin);
        }
    }
}
