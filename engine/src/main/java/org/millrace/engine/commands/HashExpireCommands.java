package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashTree;

/**
 * Deadlines of fields of hashes, as Redis 7.4 has them: setting, showing and removing them. Keeps the answers of the
 * running command; writer thread.
 */
final class HashExpireCommands
{
    /** Latest deadline, epoch ms: Redis keeps 46 bits. */
    private static final long DEADLINE_MAX = (1L << 46) - 1;

    private static final int NO_FIELD = -2;
    private static final int NO_DEADLINE = -1;
    private static final int NOT_MET = 0;
    private static final int DONE = 1;
    private static final int DELETED = 2;

    private static final int CONDITION_INDEX = 3;
    private static final String COUNT_OF_EXPIRE = "ERR Parameter `numFields` should be greater than 0";
    private static final String COUNT_OF_OTHERS = "ERR Number of fields must be a positive integer";

    /** What a field must have for its deadline to be set. */
    private enum Condition
    {
        NONE,
        NX,
        XX,
        GT,
        LT
    }

    private static final Condition[] CONDITIONS = Condition.values();

    /** One for each field, in order. */
    private final IntArrayList answers = new IntArrayList();
    private Condition condition;
    private long deadlineMs;

    /** Where the first field stands among the arguments. */
    private int fieldsAt;

    /** A field that the command names is there, and its time is over. */
    private boolean hasPassedOver;

    private HashExpireCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final HashExpireCommands group = new HashExpireCommands();
        final CommandKeys edit = CommandKeys.one(KeyFlags.EDIT);
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        table.add("hexpire", -6, WRITE | FAST, Category.HASH, edit,
            (context) -> group.expire(context, true, true));
        table.add("hpexpire", -6, WRITE | FAST, Category.HASH, edit,
            (context) -> group.expire(context, true, false));
        table.add("hexpireat", -6, WRITE | FAST, Category.HASH, edit,
            (context) -> group.expire(context, false, true));
        table.add("hpexpireat", -6, WRITE | FAST, Category.HASH, edit,
            (context) -> group.expire(context, false, false));
        table.add("httl", -5, READONLY | FAST, Category.HASH, read,
            (context) -> group.show(context, true, true));
        table.add("hpttl", -5, READONLY | FAST, Category.HASH, read,
            (context) -> group.show(context, true, false));
        table.add("hexpiretime", -5, READONLY | FAST, Category.HASH, read,
            (context) -> group.show(context, false, true));
        table.add("hpexpiretime", -5, READONLY | FAST, Category.HASH, read,
            (context) -> group.show(context, false, false));
        table.add("hpersist", -5, WRITE | FAST, Category.HASH, edit, group::persist);
    }

    /** Put into the stream when a field expires, behind a command that lets replicas forget it. */
    static void rewriteDeadline(final CommandContext context, final int fieldIndex, final long ms)
    {
        if (Element.NO_DEADLINE != ms)
        {
            context.rewrite("HPEXPIREAT", 6);
            context.rewriteArg(1);
            context.rewriteArg(ms);
            context.rewriteArg("FIELDS");
            context.rewriteArg(1L);
            context.rewriteArg(fieldIndex);
        }
    }

    private void expire(final CommandContext context, final boolean isRelative, final boolean isSeconds)
    {
        final HashValue hash = HashCommands.open(context);
        if (null == hash || !readDeadline(context, isRelative, isSeconds) ||
            !readFields(context, readCondition(context), COUNT_OF_EXPIRE))
        {
            return;
        }

        answers.clear();
        final boolean hasMemory = expireAll(context, hash);
        tellOfExpire(context, hash);
        if (hasMemory)
        {
            reply(context);
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    private boolean readDeadline(final CommandContext context, final boolean isRelative, final boolean isSeconds)
    {
        if (!context.readLong(2))
        {
            return false;
        }

        final long given = context.longValue();
        if (given < 0)
        {
            context.reply().error("ERR invalid expire time, must be >= 0");
            return false;
        }

        final long base = isRelative ? context.nowMs() : 0;
        if (isSeconds && given > DEADLINE_MAX / 1000 || (isSeconds ? given * 1000 : given) > DEADLINE_MAX - base)
        {
            StringOptions.replyInvalidExpire(context);
            return false;
        }

        deadlineMs = base + (isSeconds ? given * 1000 : given);
        return true;
    }

    /** @return index of the argument behind it. */
    private int readCondition(final CommandContext context)
    {
        condition = Condition.NONE;
        for (int i = 1; i < CONDITIONS.length; i++)
        {
            condition = context.argIs(CONDITION_INDEX, CONDITIONS[i].name()) ? CONDITIONS[i] : condition;
        }

        return Condition.NONE == condition ? CONDITION_INDEX : CONDITION_INDEX + 1;
    }

    /** FIELDS, how many, and they: nothing behind them. @return false if an error was replied. */
    private boolean readFields(final CommandContext context, final int index, final String countError)
    {
        if (!context.argIs(index, "FIELDS"))
        {
            context.reply().error("ERR Mandatory argument FIELDS is missing or not at the right position");
            return false;
        }

        if (!context.readLong(index + 1, countError))
        {
            return false;
        }

        fieldsAt = index + 2;
        if (context.longValue() < 1)
        {
            context.reply().error(countError);
            return false;
        }

        if (context.longValue() != context.argCount() - fieldsAt)
        {
            context.reply().error("ERR The `numfields` parameter must match the number of arguments");
            return false;
        }

        return true;
    }

    /** @return false if memory ran out: there are no answers for that field and those behind it. */
    private boolean expireAll(final CommandContext context, final HashValue hash)
    {
        final boolean isPast = ExpireCommands.isPast(context, deadlineMs);
        for (int i = fieldsAt; i < context.argCount(); i++)
        {
            final long element = HashFields.find(context, hash, i);
            if (HashTree.NONE == element)
            {
                answers.addInt(NO_FIELD);
            }
            else if (!isMet(HashValue.deadlineMs(element)))
            {
                answers.addInt(NOT_MET);
            }
            else if (isPast
                ? !delete(context, hash, i)
                : HashTree.NO_MEMORY == hash.deadline(
                    context.argAddress(i), context.argLength(i), deadlineMs))
            {
                return false;
            }
            else
            {
                answers.addInt(isPast ? DELETED : DONE);
            }
        }

        return true;
    }

    /** No deadline counts as one that never comes. */
    private boolean isMet(final long before)
    {
        return switch (condition)
        {
            case NONE -> true;
            case NX -> Element.NO_DEADLINE == before;
            case XX -> Element.NO_DEADLINE != before;
            case GT -> Element.NO_DEADLINE != before && deadlineMs > before;
            case LT -> Element.NO_DEADLINE == before || deadlineMs < before;
        };
    }

    /** The deadline has passed already: the field goes, each by itself in the stream. */
    private static boolean delete(final CommandContext context, final HashValue hash, final int index)
    {
        if (HashTree.NO_MEMORY == hash.remove(context.argAddress(index), context.argLength(index)))
        {
            return false;
        }

        context.rewrite("HDEL", 3);
        context.rewriteArg(1);
        context.rewriteArg(index);
        context.fieldExpiry().counted();
        return true;
    }

    private void tellOfExpire(final CommandContext context, final HashValue hash)
    {
        final int deleted = count(DELETED);
        final int set = count(DONE);
        if (0 == deleted + set)
        {
            return;
        }

        context.changed(1, KeyEvents.HASH, deleted > 0 ? "hdel" : "hexpire");
        context.dirty(deleted + set - 1L);
        if (deleted > 0)
        {
            CollectionKeys.removed(context, 1, hash.entry());
        }

        if (set > 0)
        {
            propagateSet(context, set);
        }
    }

    private int count(final int answer)
    {
        int count = 0;
        for (int i = 0; i < answers.size(); i++)
        {
            count += answer == answers.getInt(i) ? 1 : 0;
        }

        return count;
    }

    /** The fields whose deadline was set, all as the absolute moment. */
    private void propagateSet(final CommandContext context, final int set)
    {
        final boolean isConditional = Condition.NONE != condition;
        context.rewrite("HPEXPIREAT", 5 + set + (isConditional ? 1 : 0));
        context.rewriteArg(1);
        context.rewriteArg(deadlineMs);
        if (isConditional)
        {
            context.rewriteArg(CONDITION_INDEX);
        }

        context.rewriteArg("FIELDS");
        context.rewriteArg((long)set);
        rewriteDone(context);
    }

    private void reply(final CommandContext context)
    {
        context.reply().array(answers.size());
        for (int i = 0; i < answers.size(); i++)
        {
            context.reply().integer(answers.getInt(i));
        }
    }

    private void show(final CommandContext context, final boolean isRelative, final boolean isSeconds)
    {
        final HashValue hash = HashCommands.read(context);
        if (null == hash || !readFields(context, 2, COUNT_OF_OTHERS))
        {
            return;
        }

        final long base = isRelative ? context.nowMs() : 0;
        context.reply().array(context.argCount() - fieldsAt);
        for (int i = fieldsAt; i < context.argCount(); i++)
        {
            final long element = hash.find(context.argAddress(i), context.argLength(i));
            if (HashTree.NONE == element || HashFields.isOver(context, hash, element))
            {
                context.reply().integer(NO_FIELD);
                continue;
            }

            final long ms = HashValue.deadlineMs(element);
            final long left = Math.max(0, ms - base);
            context.reply().integer(
                Element.NO_DEADLINE == ms ? NO_DEADLINE : isSeconds ? (left + 999) / 1000 : left);
        }
    }

    private void persist(final CommandContext context)
    {
        final HashValue hash = HashCommands.open(context);
        if (null == hash || !readFields(context, 2, COUNT_OF_OTHERS))
        {
            return;
        }

        answers.clear();
        final boolean hasMemory = persistAll(context, hash);
        final int persisted = count(DONE);
        if (persisted > 0)
        {
            context.changed(1, KeyEvents.HASH, "hpersist");
            propagatePersist(context, persisted, hasMemory && !hasPassedOver);
        }

        if (hasMemory)
        {
            reply(context);
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    /** @return false if memory ran out: there are no answers for that field and those behind it. */
    private boolean persistAll(final CommandContext context, final HashValue hash)
    {
        hasPassedOver = false;
        for (int i = fieldsAt; i < context.argCount(); i++)
        {
            final long element = hash.find(context.argAddress(i), context.argLength(i));
            final boolean isOver = HashTree.NONE != element && HashFields.isOver(context, hash, element);
            hasPassedOver |= isOver;
            if (HashTree.NONE == element || isOver)
            {
                answers.addInt(NO_FIELD);
            }
            else if (Element.NO_DEADLINE == HashValue.deadlineMs(element))
            {
                answers.addInt(NO_DEADLINE);
            }
            else if (HashTree.NO_MEMORY == hash.deadline(
                context.argAddress(i), context.argLength(i), Element.NO_DEADLINE))
            {
                return false;
            }
            else
            {
                answers.addInt(DONE);
            }
        }

        return true;
    }

    /** The fields that have been persisted alone, where others must not be: to replicas a field is not over by itself. */
    private void propagatePersist(final CommandContext context, final int persisted, final boolean isWhole)
    {
        if (isWhole)
        {
            context.propagate();
            return;
        }

        context.rewrite("HPERSIST", 4 + persisted);
        context.rewriteArg(1);
        context.rewriteArg("FIELDS");
        context.rewriteArg((long)persisted);
        rewriteDone(context);
    }

    private void rewriteDone(final CommandContext context)
    {
        for (int i = 0; i < answers.size(); i++)
        {
            if (DONE == answers.getInt(i))
            {
                context.rewriteArg(fieldsAt + i);
            }
        }
    }
}
