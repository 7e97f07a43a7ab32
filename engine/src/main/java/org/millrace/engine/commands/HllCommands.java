package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.MAY_REPLICATE;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Memory;

/** HyperLogLogs: PFADD, PFCOUNT, PFMERGE and their test commands. Writer thread; works in scratch memory. */
public final class HllCommands
{
    private static final String NOT_HLL = "WRONGTYPE Key is not a valid HyperLogLog string value.";
    private static final String CORRUPT = "INVALIDOBJ Corrupted HLL object detected";

    /** Place of one byte a register, behind the work memory of the value. */
    private static final int MAX_OFFSET = 64 * 1024;

    private static final int SELFTEST_ROUNDS = 100;
    private static final int SELFTEST_ELEMENTS = 1_000_000;

    private final HyperLogLog hll = new HyperLogLog();

    private HllCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final HllCommands group = new HllCommands();
        table.add("pfadd", -2, WRITE | DENYOOM | FAST, Category.HYPERLOGLOG, CommandKeys.one(KeyFlags.ADD),
            group::pfadd);
        table.add("pfcount", -2, READONLY | MAY_REPLICATE, Category.HYPERLOGLOG,
            CommandKeys.all(KeyFlags.RW | KeyFlags.ACCESS), group::pfcount);
        table.add(
            "pfmerge", -2, WRITE | DENYOOM, Category.HYPERLOGLOG, CommandKeys
                .of(KeySpec.at(1, KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.INSERT), KeySpec.from(2, KeyFlags.READ)),
            group::pfmerge);
        table.add("pfdebug", 3, WRITE | DENYOOM | ADMIN, Category.HYPERLOGLOG,
            CommandKeys.of(KeySpec.at(2, KeyFlags.RW | KeyFlags.ACCESS)), group::pfdebug);
        table.add("pfselftest", 1, ADMIN, Category.HYPERLOGLOG, group::pfselftest);
    }

    void pfadd(final CommandContext context)
    {
        final long old = context.lookupWrite(1);
        if (!isHll(context, old))
        {
            return;
        }

        if (isDenseAlready(context, old))
        {
            context.reply().integer(0);
            return;
        }

        if (!load(context, old))
        {
            return;
        }

        boolean isChanged = NO_ENTRY == old;
        for (int i = 2, count = context.argCount(); i < count; i++)
        {
            final int result = hll.add(context.argAddress(i), context.argLength(i));
            if (HyperLogLog.CORRUPT == result)
            {
                context.reply().error(CORRUPT);
                return;
            }

            isChanged |= HyperLogLog.CHANGED == result;
        }

        if (!isChanged)
        {
            context.reply().integer(0);
        }
        else if (store(context, 1, old))
        {
            context.reply().integer(1);
        }
    }

    void pfcount(final CommandContext context)
    {
        if (context.argCount() > 2)
        {
            countUnion(context);
            return;
        }

        final long entry = context.lookupRead(1);
        if (!isHll(context, entry))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        final long cached = HyperLogLog.cardinality(context.scratch());
        if (cached >= 0)
        {
            context.reply().integer(cached);
            return;
        }

        if (!load(context, entry))
        {
            return;
        }

        final long count = hll.count();
        if (HyperLogLog.CORRUPT_COUNT == count)
        {
            context.reply().error(CORRUPT);
            return;
        }

        cache(context, entry, count);
        context.reply().integer(count);
    }

    void pfmerge(final CommandContext context)
    {
        final long max = clearMax(context);
        boolean isDense = false;
        for (int i = 1, count = context.argCount(); i < count; i++)
        {
            final long entry = context.lookupRead(i);
            if (!merge(context, entry, max))
            {
                return;
            }

            isDense |= NO_ENTRY != entry && HyperLogLog.DENSE == hll.encoding();
        }

        final long old = context.lookupWrite(1);
        if (!load(context, old))
        {
            return;
        }

        if (isDense)
        {
            hll.toDense();
        }

        for (int i = 0; i < HyperLogLog.REGISTERS; i++)
        {
            final int run = Memory.getByte(max + i);
            if (run > 0)
            {
                hll.set(i, run);
            }
        }

        if (store(context, 1, old))
        {
            context.reply().ok();
        }
    }

    void pfdebug(final CommandContext context)
    {
        final long entry = context.lookupWrite(2);
        if (NO_ENTRY == entry)
        {
            context.reply().error("ERR The specified key does not exist");
            return;
        }

        if (!isHll(context, entry))
        {
            return;
        }

        if (!load(context, entry))
        {
            return;
        }

        if (context.argIs(1, "GETREG"))
        {
            replyRegisters(context, entry);
        }
        else if (context.argIs(1, "DECODE"))
        {
            replyOpcodes(context);
        }
        else if (context.argIs(1, "ENCODING"))
        {
            context.reply().simple(HyperLogLog.DENSE == hll.encoding() ? "dense" : "sparse");
        }
        else if (context.argIs(1, "TODENSE"))
        {
            final boolean isSparse = HyperLogLog.SPARSE == hll.encoding();
            if (makeDense(context, entry))
            {
                context.reply().integer(isSparse ? 1 : 0);
            }
        }
        else
        {
            context.reply().error("ERR Unknown PFDEBUG subcommand '" + context.argText(1) + "'");
        }
    }

    void pfselftest(final CommandContext context)
    {
        final String failure = HllSelfTest.run(context, hll, SELFTEST_ROUNDS, SELFTEST_ELEMENTS);
        if (null == failure)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("TESTFAILED " + failure);
        }
    }

    /** True for no entry or a value of the right form, its header then in scratch; else the error has been replied. */
    private static boolean isHll(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            return true;
        }

        if (!context.isStringOrAbsent(entry))
        {
            return false;
        }

        final long length = StringValue.length(entry);
        final long header = context.scratch();
        if (length >= HyperLogLog.HEADER_LENGTH)
        {
            StringValue.copy(context.data().memory(), entry, 0, HyperLogLog.HEADER_LENGTH, header);
        }

        if (!HyperLogLog.isValid(header, length))
        {
            context.reply().error(NOT_HLL);
            return false;
        }

        return true;
    }

    /** True if a dense value has all elements already, looked up where it stands: the common case costs no copy. */
    private static boolean isDenseAlready(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            return false;
        }

        final long value = StringValue.content(entry);
        if (StringValue.isLarge(entry) || HyperLogLog.DENSE != HyperLogLog.encoding(value))
        {
            return false;
        }

        for (int i = 2, count = context.argCount(); i < count; i++)
        {
            final long hash = HyperLogLog.hash(context.argAddress(i), context.argLength(i));
            if (HyperLogLog.runOf(hash) > HyperLogLog.denseRegister(value, HyperLogLog.indexOf(hash)))
            {
                return false;
            }
        }

        return true;
    }

    /** The value into work memory, or an empty one; false with the error replied if it is too long to be sound. */
    private boolean load(final CommandContext context, final long entry)
    {
        hll.wrap(context.scratch(), context.settings().hllSparseMaxBytes);
        if (NO_ENTRY == entry)
        {
            hll.clear();
            return true;
        }

        final long length = StringValue.length(entry);
        if (length > HyperLogLog.SPARSE_LENGTH_MAX)
        {
            context.reply().error(CORRUPT);
            return false;
        }

        StringValue.copy(context.data().memory(), entry, 0, length, hll.load((int)length));
        return true;
    }

    /** Store what has been changed and tell of it; false with the error replied if memory ran out. */
    private boolean store(final CommandContext context, final int keyIndex, final long old)
    {
        hll.markStale();
        if (!StringStore.setRaw(context, keyIndex, old, hll.address(), hll.length()))
        {
            context.replyOutOfMemory();
            return false;
        }

        context.changed(keyIndex, KeyEvents.STRING, "pfadd");
        context.propagate();
        return true;
    }

    /**
     * Keep the count in the value, which is a change that replicas are told of. A replica leaves its copy as it is:
     * only its primary may say how the bytes are. Without memory for it the count is just not kept.
     */
    private void cache(final CommandContext context, final long entry, final long count)
    {
        if (context.isReplica() && !context.session().isPrimaryLink)
        {
            return;
        }

        hll.keepCardinality(count);
        if (StringStore.setRaw(context, 1, entry, hll.address(), hll.length()))
        {
            context.dirty(1);
            context.keySignals().changed(context.session().db, context.argAddress(1), context.argLength(1));
            context.propagate();
        }
    }

    private void countUnion(final CommandContext context)
    {
        final long max = clearMax(context);
        for (int i = 1, count = context.argCount(); i < count; i++)
        {
            if (!merge(context, context.lookupRead(i), max))
            {
                return;
            }
        }

        context.reply().integer(hll.count(max));
    }

    private static long clearMax(final CommandContext context)
    {
        final long max = context.scratch() + MAX_OFFSET;
        Memory.set(max, HyperLogLog.REGISTERS, (byte)0);
        return max;
    }

    private boolean merge(final CommandContext context, final long entry, final long max)
    {
        if (NO_ENTRY == entry)
        {
            return true;
        }

        if (!isHll(context, entry) || !load(context, entry))
        {
            return false;
        }

        if (!hll.mergeInto(max))
        {
            context.reply().error(CORRUPT);
            return false;
        }

        return true;
    }

    private void replyRegisters(final CommandContext context, final long entry)
    {
        if (!makeDense(context, entry))
        {
            return;
        }

        context.reply().array(HyperLogLog.REGISTERS);
        for (int i = 0; i < HyperLogLog.REGISTERS; i++)
        {
            context.reply().integer(HyperLogLog.denseRegister(hll.address(), i));
        }
    }

    private void replyOpcodes(final CommandContext context)
    {
        if (HyperLogLog.SPARSE == hll.encoding())
        {
            context.reply().bulk(hll.decode());
        }
        else
        {
            context.reply().error("ERR HLL encoding is not sparse");
        }
    }

    /** The dense form, stored if it was not that already; false with the error replied. */
    private boolean makeDense(final CommandContext context, final long entry)
    {
        if (HyperLogLog.DENSE == hll.encoding())
        {
            return true;
        }

        if (!hll.toDense())
        {
            context.reply().error(CORRUPT);
            return false;
        }

        if (!StringStore.setRaw(context, 2, entry, hll.address(), hll.length()))
        {
            context.replyOutOfMemory();
            return false;
        }

        context.dirty(1);
        context.keySignals().changed(context.session().db, context.argAddress(2), context.argLength(2));
        context.propagate();
        return true;
    }
}
