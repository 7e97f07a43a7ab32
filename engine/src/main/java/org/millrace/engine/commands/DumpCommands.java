package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.DiscardingBuilder;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.snapshot.DumpPayload;
import org.millrace.engine.value.CollectionLayout;

/** Values as payloads of bytes: DUMP and RESTORE. Keeps the options of the running command; writer thread. */
public final class DumpCommands
{
    private static final int NOT_GIVEN = -1;

    private final DumpPayload payload = new DumpPayload();
    private boolean isReplace;
    private boolean isAbsolute;
    private long idleSeconds;
    private long frequency;

    private DumpCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final DumpCommands commands = new DumpCommands();
        table.add("dump", 2, READONLY, Category.KEYSPACE, CommandKeys.one(KeyFlags.READ), DumpCommands::dump);
        table.add("restore", -4, WRITE | DENYOOM, Category.KEYSPACE | Category.DANGEROUS,
            CommandKeys.one(KeyFlags.OVERWRITE), commands::restore);
        table.onClose(commands.payload::close);
    }

    static void dump(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        DumpPayload.writeBulk(context.reply(), context.runs(), entry);
    }

    void restore(final CommandContext context)
    {
        if (!parse(context))
        {
            return;
        }

        if (!isReplace && NO_ENTRY != context.lookupWrite(1))
        {
            context.reply().error("BUSYKEY Target key name already exists.");
            return;
        }

        if (!context.readLong(2))
        {
            return;
        }

        final long ttl = context.longValue();
        final long base = 0 == ttl || isAbsolute ? 0 : context.nowMs();
        if (ttl < 0)
        {
            context.reply().error("ERR Invalid TTL value, must be >= 0");
            return;
        }

        if (ttl > Long.MAX_VALUE - base)
        {
            context.reply().error("ERR invalid expire time in 'restore' command");
            return;
        }

        restore(context, 0 == ttl ? Entry.NO_DEADLINE : ttl + base);
        payload.clear();
    }

    private void restore(final CommandContext context, final long deadlineMs)
    {
        // What would be gone at once is looked at, but not stored.
        final boolean isPast = Entry.NO_DEADLINE != deadlineMs && ExpireCommands.isPast(context, deadlineMs);
        final ValueBuilder builder = isPast
            ? DiscardingBuilder.INSTANCE
            : context.builder().key(
                context.keyspace(), context.argAddress(1), context.argLength(1), deadlineMs, clock(context));
        payload.skipChecksum(context.settings().isDumpChecksumSkipped);
        context.payloadChecked();
        switch (payload.read(context.argAddress(3), context.argLength(3), builder))
        {
            case OK -> {
                if (isPast)
                {
                    removeReplaced(context);
                }
                else
                {
                    store(context, builder, deadlineMs);
                }
            }
            case NO_MEMORY -> context.replyOutOfMemory();
            // A newer version, another form: what a client may have made up a primary has not.
            case BAD_VERSION_OR_CHECKSUM -> context.reply().error(
                ErrorKind.NOT_HELD, "ERR DUMP payload version or checksum are wrong");
            case BAD_FORMAT -> replyBadFormat(context, payload.error());
            default -> context.reply().error(
                ErrorKind.NOT_HELD,
                "UNSUPPORTED Bad data format: this node holds no values of type " + payload.typeName());
        }
    }

    private static void replyBadFormat(final CommandContext context, final String reason)
    {
        context.warning("Bad data format in RESTORE, integrity check failed: " + reason);
        context.reply().error(ErrorKind.NOT_HELD, "ERR Bad data format");
    }

    private boolean parse(final CommandContext context)
    {
        isReplace = false;
        isAbsolute = false;
        idleSeconds = NOT_GIVEN;
        frequency = NOT_GIVEN;
        for (int i = 4, count = context.argCount(); i < count; i++)
        {
            final boolean hasValue = i < count - 1;
            if (context.argIs(i, "REPLACE"))
            {
                isReplace = true;
            }
            else if (context.argIs(i, "ABSTTL"))
            {
                isAbsolute = true;
            }
            else if (hasValue && NOT_GIVEN == frequency && context.argIs(i, "IDLETIME"))
            {
                if (!context.readLong(++i))
                {
                    return false;
                }

                idleSeconds = context.longValue();
                if (idleSeconds < 0)
                {
                    context.reply().error("ERR Invalid IDLETIME value, must be >= 0");
                    return false;
                }
            }
            else if (hasValue && NOT_GIVEN == idleSeconds && context.argIs(i, "FREQ"))
            {
                if (!context.readLong(++i))
                {
                    return false;
                }

                frequency = context.longValue();
                if (frequency < 0 || frequency > 255)
                {
                    context.reply().error("ERR Invalid FREQ value, must be >= 0 and <= 255");
                    return false;
                }
            }
            else
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        return true;
    }

    private void removeReplaced(final CommandContext context)
    {
        if (isReplace && KeyCommands.remove(context, 1))
        {
            context.rewrite("DEL", 2);
            context.rewriteArg(1);
        }

        context.reply().ok();
    }

    private void store(final CommandContext context, final ValueBuilder builder, final long deadlineMs)
    {
        final int result = builder.commit();
        if (ValueBuilder.ELEMENT_TWICE == result)
        {
            replyBadFormat(context, "an element is there twice");
            return;
        }

        if (ValueBuilder.OK != result)
        {
            context.replyOutOfMemory();
            return;
        }

        forgetSigns(context);
        context.notify(
            KeyEvents.NEW,
            "new",
            context.session().db,
            context.argAddress(1),
            context.argLength(1));
        context.changed(1, KeyEvents.GENERIC, "restore");
        propagate(context, deadlineMs);
        context.reply().ok();
    }

    /** A payload may have a small set's -0, if the set was large once; who restores that has 0, as its primary has. */
    private static void forgetSigns(final CommandContext context)
    {
        final Keyspace keyspace = context.keyspace();
        final long entry = keyspace.find(context.argAddress(1), context.argLength(1));
        if (CollectionLayout.SORTED_SET == Entry.type(entry))
        {
            context.values().sortedSets().open(keyspace, context.argAddress(1), context.argLength(1), entry)
                .forgetSigns();
        }
    }

    private int clock(final CommandContext context)
    {
        if (context.settings().clock.isByFrequency)
        {
            return NOT_GIVEN == frequency
                ? AccessClock.initial(context.nowMs(), context.settings().clock)
                : AccessClock.frequency((int)frequency, context.nowMs());
        }

        return AccessClock.idle(NOT_GIVEN == idleSeconds ? 0 : idleSeconds, context.nowMs());
    }

    /**
     * A relative time to live goes out as a deadline, and a payload of a version that replicas need not know as this node
     * would write it into a snapshot for them.
     */
    private void propagate(final CommandContext context, final long deadlineMs)
    {
        final boolean isRelative = !isAbsolute && Entry.NO_DEADLINE != deadlineMs;
        final boolean isTooNew = payload.version() > context.settings().rdbVersion;
        if (!isRelative && !isTooNew)
        {
            context.propagate();
            return;
        }

        final int count = context.argCount();
        context.rewrite(count + (isRelative ? 1 : 0));
        for (int i = 0; i < count; i++)
        {
            if (2 == i && isRelative)
            {
                context.rewriteArg(deadlineMs);
            }
            else if (3 == i && isTooNew)
            {
                rewritePayload(context);
            }
            else
            {
                context.rewriteArg(i);
            }
        }

        if (isRelative)
        {
            context.rewriteArg("ABSTTL");
        }
    }

    private static void rewritePayload(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(1), context.argLength(1));
        final int length = (int)DumpPayload.length(entry);
        final long address = Memory.reserve(length);
        DumpPayload.write(context.runs(), entry, DumpPayload.COMMON_VERSION, address);
        context.rewriteArg(address, length);
        Memory.release(address);
    }
}
