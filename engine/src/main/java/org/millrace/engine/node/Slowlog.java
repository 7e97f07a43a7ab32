package org.millrace.engine.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.command.Session;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** The last commands that took longer than slowlog-log-slower-than. Writer thread. */
final class Slowlog
{
    private static final int ARGS_SHOWN_MAX = 32;
    private static final int ARG_LENGTH_MAX = 128;

    private record Entry(long id, long second, long micros, String[] args, String address, String clientName)
    {
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Config config;
    private long nextId;

    Slowlog(final Config config)
    {
        this.config = config;
    }

    void add(
        final Session session, final CommandSpec spec, final ArgVector args, final long nowMs, final long durationNs)
    {
        final int shown = Math.min(ARGS_SHOWN_MAX, args.count());
        final String[] texts = new String[shown];
        for (int i = 0; i < shown; i++)
        {
            texts[i] = spec.isSecret(args, i) ? Secrets.REDACTED : shown(args, i);
        }

        if (args.count() > ARGS_SHOWN_MAX)
        {
            texts[shown - 1] = "... (" + (args.count() - ARGS_SHOWN_MAX + 1) + " more arguments)";
        }

        entries.addFirst(
            new Entry(nextId++, nowMs / 1000, durationNs / 1000, texts, session.address(), session.name()));
        final long max = config.number(ConfigOption.SLOWLOG_MAX_LEN);
        while (entries.size() > max)
        {
            entries.removeLast();
        }
    }

    private static String shown(final ArgVector args, final int index)
    {
        final int more = args.length(index) - ARG_LENGTH_MAX;
        final String text = args.text(index, ARG_LENGTH_MAX);
        return more > 0 ? text + "... (" + more + " more bytes)" : text;
    }

    int size()
    {
        return entries.size();
    }

    void reset()
    {
        entries.clear();
    }

    void get(final CommandContext context)
    {
        long count = 10;
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, "SLOWLOG");
            return;
        }

        if (3 == context.argCount())
        {
            if (!context.readLong(2, "ERR count should be greater than or equal to -1"))
            {
                return;
            }

            count = context.longValue();
            if (count < -1)
            {
                context.reply().error("ERR count should be greater than or equal to -1");
                return;
            }
        }

        final long shown = -1 == count ? entries.size() : Math.min(count, entries.size());
        final ReplyWriter reply = context.reply();
        reply.array(shown);
        entries.stream().limit(shown).forEach((entry) ->
        {
            reply.array(6);
            reply.integer(entry.id);
            reply.integer(entry.second);
            reply.integer(entry.micros);
            reply.array(entry.args.length);
            for (final String arg : entry.args)
            {
                reply.bulk(arg);
            }

            reply.bulk(entry.address);
            reply.bulk(entry.clientName);
        });
    }
}
