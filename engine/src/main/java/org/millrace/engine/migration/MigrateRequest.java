package org.millrace.engine.migration;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.Decimal;

/**
 * The arguments of a MIGRATE, but for the keys themselves.
 *
 * @param database of the target.
 * @param timeoutMs how long the target may do nothing.
 * @param firstKey index of the first key among the arguments.
 * @param keyCount how many follow each other there.
 */
record MigrateRequest(
    Target target, long database, long timeoutMs, boolean isCopy, boolean isReplace, int firstKey, int keyCount)
{
    private static final int HOST = 1;
    private static final int PORT = 2;
    private static final int KEY = 3;
    private static final int DATABASE = 4;
    private static final int TIMEOUT = 5;
    private static final int OPTIONS = 6;

    private static final long TIMEOUT_MS = 1000;

    /** Options as far as they have been read. */
    private static final class Options
    {
        private String user;
        private String password;
        private boolean isCopy;
        private boolean isReplace;
        private int firstKey = KEY;
        private int keyCount = 1;

        /** @return index of the last word of the option at {@code index}, or -1: the error has been replied. */
        int read(final CommandContext context, final int index)
        {
            final int more = context.argCount() - 1 - index;
            if (context.argIs(index, "COPY"))
            {
                isCopy = true;
                return index;
            }

            if (context.argIs(index, "REPLACE"))
            {
                isReplace = true;
                return index;
            }

            if (context.argIs(index, "AUTH") && more >= 1)
            {
                password = context.argText(index + 1);
                return index + 1;
            }

            if (context.argIs(index, "AUTH2") && more >= 2)
            {
                user = context.argText(index + 1);
                password = context.argText(index + 2);
                return index + 2;
            }

            if (context.argIs(index, "KEYS"))
            {
                return keys(context, index + 1);
            }

            context.reply().error(Replies.SYNTAX);
            return -1;
        }

        private int keys(final CommandContext context, final int first)
        {
            if (context.argLength(KEY) > 0)
            {
                context.reply().error(
                    "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string");
                return -1;
            }

            firstKey = first;
            keyCount = context.argCount() - first;
            return context.argCount();
        }
    }

    /**
     * Read them.
     *
     * @param isTls whether the target is to be reached by TLS.
     * @return null if something is wrong: the error has been replied.
     */
    static MigrateRequest read(final CommandContext context, final boolean isTls)
    {
        final Options options = new Options();
        for (int i = OPTIONS; i < context.argCount(); i++)
        {
            i = options.read(context, i);
            if (i < 0)
            {
                return null;
            }
        }

        if (!context.readLong(TIMEOUT))
        {
            return null;
        }

        final long timeoutMs = context.longValue() <= 0 ? TIMEOUT_MS : context.longValue();
        if (!context.readLong(DATABASE))
        {
            return null;
        }

        final Target target = new Target(context.argText(HOST), port(context), options.user, options.password, isTls);
        return new MigrateRequest(
            target, context.longValue(), timeoutMs, options.isCopy, options.isReplace, options.firstKey,
            options.keyCount);
    }

    /** What is no number is a port that nobody has, not an error, as in Redis. */
    private static int port(final CommandContext context)
    {
        if (!Decimal.isCanonical(context.argAddress(PORT), context.argLength(PORT)))
        {
            return 0;
        }

        final long port = Decimal.parse(context.argAddress(PORT), context.argLength(PORT));
        return port == (int)port ? (int)port : 0;
    }
}
