package org.millrace.engine.command;

import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.tree.HashTree;

/**
 * Takes fields out of hashes whose deadlines are over, as Redis 7.4 does: whoever comes across one, and by and by the node
 * itself. Each goes into the stream as an HDEL of its own. Writer thread; on a primary alone, {@link #isOn}.
 */
public final class FieldExpiry
{
    private final WriterState writer;

    FieldExpiry(final WriterState writer)
    {
        this.writer = writer;
    }

    /** True if fields that are met are to be taken out: by a primary, unless writes are paused. Else they look missing. */
    public boolean isOn()
    {
        return writer.isExpiring();
    }

    /**
     * Take out what is over, those first that were over first, and tell of it.
     *
     * @param nowMs what is before it is over: for a command the time that all of its unit goes by, epoch ms.
     * @param hash open, of the key, whose name stays where it is meanwhile.
     * @param limit how many fields at most.
     * @param isEachAUnit whether each deletion is a unit of the stream for itself.
     * @return fields that have gone.
     */
    public int expire(
        final long nowMs,
        final HashValue hash,
        final int database,
        final long keyAddress,
        final int keyLength,
        final int limit,
        final boolean isEachAUnit)
    {
        int count = 0;
        while (count < limit && hash.findBefore(nowMs) && takeOut(hash, database, keyAddress, keyLength))
        {
            count++;
            if (isEachAUnit)
            {
                writer.stream().endUnit();
            }
        }

        if (count > 0)
        {
            tell(hash, database, keyAddress, keyLength);
        }

        return count;
    }

    /**
     * Take out the field that was found last. {@link #tell} is to follow, once for all of them.
     *
     * @return false if memory ran out: it stays.
     */
    public boolean takeOut(final HashValue hash, final int database, final long keyAddress, final int keyLength)
    {
        if (HashTree.REMOVED != hash.removeFound())
        {
            return false;
        }

        counted();
        writer.statistics().dirty++;
        propagate(hash, database, keyAddress, keyLength);
        return true;
    }

    /** A field has gone since its time was over. */
    public void counted()
    {
        writer.statistics().expiredFields++;
    }

    private void propagate(final HashValue hash, final int database, final long keyAddress, final int keyLength)
    {
        if (writer.isPropagating())
        {
            writer.stream().beginCommand(database, 3);
            writer.stream().arg(writer.streamName("HDEL"));
            writer.stream().arg(keyAddress, keyLength);
            writer.stream().arg(hash.fieldText(), hash.fieldLength());
        }
    }

    /** Fields have been taken out, perhaps all that there were. */
    public void tell(final HashValue hash, final int database, final long keyAddress, final int keyLength)
    {
        writer.keySignals().changed(database, keyAddress, keyLength);
        writer.notify(KeyEvents.HASH, "hexpired", database, keyAddress, keyLength);
        if (0 == hash.size())
        {
            writer.notify(KeyEvents.GENERIC, "del", database, keyAddress, keyLength);
        }
    }
}
