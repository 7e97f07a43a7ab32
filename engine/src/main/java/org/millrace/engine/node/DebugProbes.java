package org.millrace.engine.node;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementVisitor;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.value.ValueRuns;

/** Forms of DEBUG that look at keys, values and the index, and change nothing: not even when a key was used last. */
final class DebugProbes
{
    private static final class ElementCount implements ElementVisitor
    {
        long elements;

        @Override
        public void onPart(final ValueRuns runs)
        {
            while (runs.next())
            {
                // What stands in it does not matter.
            }
        }

        @Override
        public void onScore(final double score)
        {
            // Nor does this.
        }

        @Override
        public void onDeadline(final long deadlineMs)
        {
            // Nor this.
        }

        @Override
        public void onEnd()
        {
            elements++;
        }
    }

    private DebugProbes()
    {
    }

    static void object(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        final ValueType type = ValueType.of(entry);
        final int clock = Entry.clock(entry);
        context.reply().simple(
            "Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:" + type.encodingName(entry) +
                " serializedlength:" + type.contentLength(entry) + " lru:" + clock + " lru_seconds_idle:" +
                AccessClock.idleSeconds(clock, context.nowMs()));
    }

    static void digest(final CommandContext context)
    {
        context.reply().simple(new Digest().ofDataSet(context.data()));
    }

    static void digestValue(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        reply.array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            final long entry = context.keyspace().find(context.argAddress(i), context.argLength(i));
            reply.simple(Entry.NO_ENTRY == entry ? Digest.EMPTY : new Digest().ofValue(context.data(), entry));
        }
    }

    /** Figures of the index of a database, with the words that are looked for in those of Redis. */
    static void index(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long database = context.longValue();
        if (database < 0 || database >= context.data().databases())
        {
            context.reply().error("ERR Out of range database");
            return;
        }

        final Keyspace keyspace = context.data().keyspace((int)database);
        context.reply().verbatim("[Dictionary HT]\nHash table 0 stats (main hash table):\n table size: " +
            keyspace.slots() + "\n number of elements: " + keyspace.size() +
            "\n[Expires HT]\nHash table 0 stats (main hash table):\n number of elements: " + keyspace.volatileKeys() +
            "\n");
    }

    /** How many elements a value has that is a hash table by name. */
    static void elements(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        final String encoding = ValueType.of(entry).encodingName(entry);
        if ("hashtable".equals(encoding) || "skiplist".equals(encoding))
        {
            context.reply().verbatim("Hash table 0 stats (main hash table):\n number of elements: " +
                elementsOf(context, entry) + "\n");
        }
        else
        {
            context.reply().error("ERR The value stored at the specified key is not represented using an hash table");
        }
    }

    private static long elementsOf(final CommandContext context, final long entry)
    {
        final ElementCount count = new ElementCount();
        ValueType.of(entry).elements(entry, context.runs(), count);
        return count.elements;
    }

    /** Lengths of a key and its string; nothing is kept in reserve. */
    static void lengths(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        final ValueType type = ValueType.of(entry);
        if (!"string".equals(type.typeName()) || "int".equals(type.encodingName(entry)))
        {
            context.reply().error("ERR Not an sds encoded string.");
            return;
        }

        final int keyLength = Entry.keyLength(entry);
        final long length = type.contentLength(entry);
        context.reply().simple("key_sds_len:" + keyLength + ", key_sds_avail:0, key_zmalloc: " + keyLength +
            ", val_sds_len:" + length + ", val_sds_avail:0, val_zmalloc: " + length);
    }
}
