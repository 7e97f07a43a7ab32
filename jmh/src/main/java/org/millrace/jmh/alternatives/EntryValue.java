package org.millrace.jmh.alternatives;

import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.memory.Memory;

/** Ways to the value of an entry that is neither chunked nor empty. */
final class EntryValue
{
    private static final int SHORT_KEY_LIMIT = 64;

    private EntryValue()
    {
    }

    /** By the lengths that stand in the entry: the value can be asked for when the head of the entry has come. */
    static long copyByEntry(final long entry, final long target)
    {
        final long length = StringValue.length(entry);
        Memory.copyDisjoint(StringValue.content(entry), target, length);
        return length;
    }

    /**
     * By the length of the key that was looked for: where the value stands then follows from predicted branches alone,
     * and its cache line is asked for together with that of the head.
     */
    static long copyByKeyLength(final long entry, final int keyLength, final long target)
    {
        final long at = lengthAddress(entry, keyLength);
        final long length = RdbLength.decode(at);
        Memory.copyDisjoint(at + RdbLength.encodedLength(at), target, length);
        return length;
    }

    static long lengthAddress(final long entry, final int keyLength)
    {
        return Entry.isVolatile(entry) || keyLength >= SHORT_KEY_LIMIT
            ? Entry.value(entry)
            : entry + Entry.HEADER_LENGTH + 2 + keyLength;
    }
}
