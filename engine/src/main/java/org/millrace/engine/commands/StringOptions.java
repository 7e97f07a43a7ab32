package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;

/** Options of SET and GETEX as parsed from one command, and the deadline they ask for. Reused; writer thread. */
final class StringOptions
{
    static final int NX = 1;
    static final int XX = 1 << 1;
    static final int GET = 1 << 2;
    static final int KEEPTTL = 1 << 3;
    static final int PERSIST = 1 << 4;
    static final int EX = 1 << 5;
    static final int PX = 1 << 6;
    static final int EXAT = 1 << 7;
    static final int PXAT = 1 << 8;

    private static final int EXPIRES = EX | PX | EXAT | PXAT;

    private int flags;
    private int expireIndex;
    private long deadlineMs;

    /** Set what a command without option words implies. */
    void preset(final int presetFlags, final int presetExpireIndex)
    {
        flags = presetFlags;
        expireIndex = presetExpireIndex;
    }

    /** Parse the words from {@code from} on; on a conflict or an unknown word reply the error and return false. */
    boolean parse(final CommandContext context, final int from, final boolean isSet)
    {
        preset(0, 0);
        for (int i = from, count = context.argCount(); i < count; i++)
        {
            final int option = isSet ? setOption(context, i) : getexOption(context, i);
            final boolean isExpire = 0 != (option & EXPIRES);
            if (0 == option || isExpire && i == count - 1)
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }

            flags |= option;
            if (isExpire)
            {
                expireIndex = ++i;
            }
        }

        return true;
    }

    boolean has(final int anyOf)
    {
        return 0 != (flags & anyOf);
    }

    boolean hasExpire()
    {
        return has(EXPIRES);
    }

    /** Compute {@link #deadlineMs} if one is asked for; false if its number is wrong (replied). */
    boolean readDeadline(final CommandContext context)
    {
        if (!hasExpire())
        {
            return true;
        }

        if (!context.readLong(expireIndex))
        {
            return false;
        }

        long value = context.longValue();
        final boolean isSeconds = has(EX | EXAT);
        if (value > 0 && (!isSeconds || value <= Long.MAX_VALUE / 1000))
        {
            value = isSeconds ? value * 1000 : value;
            value = has(EX | PX) ? value + context.nowMs() : value;
            if (value > 0)
            {
                deadlineMs = value;
                return true;
            }
        }

        replyInvalidExpire(context);
        return false;
    }

    /** Absolute, epoch ms; only after {@link #readDeadline} and if {@link #hasExpire}. */
    long deadlineMs()
    {
        return deadlineMs;
    }

    static void replyInvalidExpire(final CommandContext context)
    {
        context.reply().error("ERR invalid expire time in '" + context.spec().fullName() + "' command");
    }

    private int setOption(final CommandContext context, final int index)
    {
        if (context.argIs(index, "NX"))
        {
            return has(XX) ? 0 : NX;
        }

        if (context.argIs(index, "XX"))
        {
            return has(NX) ? 0 : XX;
        }

        if (context.argIs(index, "GET"))
        {
            return GET;
        }

        if (context.argIs(index, "KEEPTTL"))
        {
            return hasExpire() ? 0 : KEEPTTL;
        }

        return expireOption(context, index);
    }

    private int getexOption(final CommandContext context, final int index)
    {
        if (context.argIs(index, "PERSIST"))
        {
            return hasExpire() ? 0 : PERSIST;
        }

        return expireOption(context, index);
    }

    /** One of the four, which may be repeated but not mixed with each other, KEEPTTL or PERSIST. */
    private int expireOption(final CommandContext context, final int index)
    {
        final int option;
        if (context.argIs(index, "EX"))
        {
            option = EX;
        }
        else if (context.argIs(index, "PX"))
        {
            option = PX;
        }
        else if (context.argIs(index, "EXAT"))
        {
            option = EXAT;
        }
        else if (context.argIs(index, "PXAT"))
        {
            option = PXAT;
        }
        else
        {
            return 0;
        }

        return has((EXPIRES | KEEPTTL | PERSIST) & ~option) ? 0 : option;
    }
}
