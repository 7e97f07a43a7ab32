package org.millrace.jmh;

import org.millrace.engine.keyspace.KeyReader;

/** Our keyspace read as a foreign thread does: enter an epoch, look up, copy, leave. The writer is this thread too. */
final class ReaderStore extends MillraceStore
{
    private final KeyReader reader;

    ReaderStore(final int entries)
    {
        super(entries);
        reader = data.openReader();
    }

    @Override
    long get()
    {
        keys.write(key);
        return count(reader.get(0, key, KeySequence.KEY_LENGTH, 0, target, VALUE_LENGTH));
    }

    @Override
    long getBatch()
    {
        hashBatch();
        reader.prefetch(0, hashes, BATCH);
        long length = 0;
        for (int i = 0; i < BATCH; i++)
        {
            length += count(
                reader.get(0, hashes[i], keyOfBatch(i), KeySequence.KEY_LENGTH, 0, target, VALUE_LENGTH));
        }

        return length;
    }

    @Override
    public void close()
    {
        reader.close();
        super.close();
    }

    private long count(final long length)
    {
        misses += VALUE_LENGTH == length ? 0 : 1;
        return length;
    }
}
