package org.millrace.engine.command;

import org.millrace.engine.interest.KeySignals;

/** What happens to keys, for all who are to hear of it: who watches or waits, and who has copies. Writer thread. */
public final class KeyNews implements KeySignals
{
    private final KeySignals interest;
    private final ClientCaches caches;

    /** @param interest of those who watch or wait. */
    public KeyNews(final KeySignals interest, final ClientCaches caches)
    {
        this.interest = interest;
        this.caches = caches;
    }

    @Override
    public void changed(final int database, final long keyAddress, final int keyLength)
    {
        interest.changed(database, keyAddress, keyLength);
        if (caches.isOn())
        {
            caches.changed(keyAddress, keyLength);
        }
    }

    @Override
    public void stirred(final int database, final long keyAddress, final int keyLength)
    {
        interest.stirred(database, keyAddress, keyLength);
    }

    @Override
    public void removing(final int database, final long keyAddress, final int keyLength)
    {
        interest.removing(database, keyAddress, keyLength);
        if (caches.isOn())
        {
            caches.changed(keyAddress, keyLength);
        }
    }

    @Override
    public void flushing(final int database)
    {
        interest.flushing(database);
        flushCaches();
    }

    @Override
    public void swapping(final int first, final int second)
    {
        interest.swapping(first, second);
        flushCaches();
    }

    private void flushCaches()
    {
        if (caches.isOn())
        {
            caches.flushing();
        }
    }

    @Override
    public void filled(final int database)
    {
        interest.filled(database);
    }

    @Override
    public void unitEnded()
    {
        interest.unitEnded();
    }
}
