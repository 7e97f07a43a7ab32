package org.millrace.engine.keyspace;

/** A state of a race that has a database of its own, in a data set that all states of the fork share. */
abstract class OnStage
{
    static final Stage STAGE = new Stage(64L << 20);

    private static final int READS = 6;

    final int database = STAGE.take();

    final void set(final long key, final int version)
    {
        STAGE.set(database, key, version);
    }

    final void remove(final long key)
    {
        STAGE.remove(database, key);
    }

    final int get(final long key)
    {
        return STAGE.get(database, key);
    }

    /** Of a key that is there all the time: so many reads that one of them meets the change. */
    final int getOften(final long key)
    {
        int result = 1;
        for (int i = 0; i < READS && 1 == result; i++)
        {
            result = get(key);
        }

        return result;
    }

    final void setAll(final long[] keys, final int count)
    {
        synchronized (STAGE)
        {
            for (int i = 0; i < count; i++)
            {
                set(keys[i], 1);
            }
        }
    }

    final void release()
    {
        STAGE.give(database);
    }
}
