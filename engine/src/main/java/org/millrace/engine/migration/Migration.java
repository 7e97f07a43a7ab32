package org.millrace.engine.migration;

import static org.millrace.engine.migration.MigrationState.CONNECT;
import static org.millrace.engine.migration.MigrationState.DONE;
import static org.millrace.engine.migration.MigrationState.MOVE;
import static org.millrace.engine.migration.MigrationState.PREPARE;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeptArguments;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * One MIGRATE, from the moment in which its client waits: the connection, the keys that go out as there is room for them,
 * the replies, and what becomes of each key here. Writer thread.
 */
final class Migration implements BlockedCommand
{
    /** With so much unsent no further key is read. */
    private static final int UNSENT_MAX = 64 * 1024;

    private static final String UNREACHABLE = "IOERR error or timeout connecting to the client";
    private static final String UNWRITTEN = "IOERR error or timeout writing to target instance";
    private static final String UNREAD = "IOERR error or timeout reading to target instance";

    private final Migrations migrations;
    private final MigrateRequest request;
    private final KeptArguments arguments;
    private final WaitQueue client = new WaitQueue();
    private final KeyPayloads payloads;
    private final SentKeys sent;
    private MigrationState state = CONNECT;
    private TargetLink link;
    private boolean isKeptLink;
    private long lastMoveNs;
    private int repliesOfPreparation;
    private int nextKey;
    private String error;

    /** @param database in which the keys are here. */
    Migration(
        final Migrations migrations, final MigrateRequest request, final ArgVector args, final int database)
    {
        this.migrations = migrations;
        this.request = request;
        arguments = new KeptArguments(args);
        payloads = new KeyPayloads(migrations.writer(), arguments.args(), database, request.isReplace());
        sent = new SentKeys(migrations.interest(), arguments.args(), database);
    }

    @Override
    public void await(final Waiter waiter, final KeyInterest keys)
    {
        client.add(waiter);
        migrations.add(this);
    }

    @Override
    public ArgVector args()
    {
        return arguments.args();
    }

    /** None that ends it as others end: it is the target's silence that does. */
    @Override
    public long deadlineNs()
    {
        return Long.MAX_VALUE;
    }

    /** Keys may be there already: only an error could say so. */
    @Override
    public boolean timeOut(final ReplyWriter reply)
    {
        return false;
    }

    /** The first step. */
    void begin(final long nowNs)
    {
        if (!request.target().isAddress())
        {
            fail(UNREACHABLE);
            return;
        }

        link = migrations.links().take(request.target());
        isKeptLink = null != link;
        if (!isKeptLink)
        {
            link = migrations.links().connect(request.target());
        }

        lastMoveNs = nowNs;
    }

    /** A bounded step, between commands. @return work count. */
    int doWork(final long nowNs)
    {
        if (DONE != state)
        {
            if (CONNECT != state)
            {
                link.reading(true);
            }

            step(nowNs);
            if (DONE != state && link.takeProgress())
            {
                lastMoveNs = nowNs;
            }
            else if (DONE != state && nowNs >= deadlineOfMoveNs())
            {
                breakOff(false);
            }
        }

        if (DONE != state && !sent.isSomeAccepted())
        {
            return 0;
        }

        client.serve();
        return 1;
    }

    private void step(final long nowNs)
    {
        switch (state)
        {
            case CONNECT -> connect(nowNs);
            case PREPARE -> prepare(nowNs);
            default -> move(nowNs);
        }
    }

    private void connect(final long nowNs)
    {
        if (isKeptLink || link.isConnectDone())
        {
            if (link.isBroken())
            {
                breakOff(isKeptLink);
                return;
            }

            askForDatabase();
            moveTo(PREPARE);
            prepare(nowNs);
        }
    }

    /** Also with the password, as it may be another one by now. */
    private void askForDatabase()
    {
        final Target target = request.target();
        final ReplyWriter commands = link.commands();
        if (null != target.password())
        {
            commands.array(null == target.user() ? 2 : 3);
            commands.bulk("AUTH");
            if (null != target.user())
            {
                commands.bulk(target.user());
            }

            commands.bulk(target.password());
            repliesOfPreparation++;
        }

        if (link.database() != request.database())
        {
            commands.array(2);
            commands.bulk("SELECT");
            commands.bulkNumber(request.database());
            repliesOfPreparation++;
        }

        link.flush();
    }

    private void prepare(final long nowNs)
    {
        while (repliesOfPreparation > 0)
        {
            final String line = link.nextLine();
            if (null == line)
            {
                checkLink();
                return;
            }

            repliesOfPreparation--;
            if (line.startsWith("-"))
            {
                // What else may come on this connection is for nobody.
                fail(fromTarget(line));
                return;
            }
        }

        link.database(request.database());
        moveTo(MOVE);
        move(nowNs);
    }

    private void move(final long nowNs)
    {
        sendKeys();
        for (String line = sent.isAllAnswered() ? null : link.nextLine(); null != line; line = sent.isAllAnswered()
            ? null
            : link.nextLine())
        {
            final boolean isError = line.startsWith("-");
            sent.answered(!isError);
            if (isError && null == error)
            {
                error = fromTarget(line);
            }
        }

        if (sent.isAllAnswered() && nextKey == request.keyCount())
        {
            finish(nowNs);
        }
        else
        {
            checkLink();
        }
    }

    private void sendKeys()
    {
        while (nextKey < request.keyCount() && link.unsent() < UNSENT_MAX && !link.isBroken())
        {
            final int index = request.firstKey() + nextKey++;
            switch (payloads.write(index, link.commands()))
            {
                case WRITTEN -> sent.add(index, payloads.deadlineMs());
                case TOO_LONG -> error = null == error ? "ERR The value of a key is too long to be migrated" : error;
                default -> {
                    // It is gone, as if it had not been named.
                }
            }

            link.flush();
        }
    }

    private void checkLink()
    {
        if (link.isBroken())
        {
            breakOff(isKeptLink && 0 == sent.answers());
        }
    }

    private static String fromTarget(final String line)
    {
        return "ERR Target instance replied with error: " + line.substring(1);
    }

    /** All keys are answered: the connection is good for others. */
    private void finish(final long nowNs)
    {
        if (null != error)
        {
            link.database(TargetLink.UNKNOWN);
        }

        migrations.links().giveBack(link, nowNs);
        link = null;
        moveTo(DONE);
    }

    /** The connection is of no use. @param isRetried a kept one had gone before anything came of it: a new one may do. */
    private void breakOff(final boolean isRetried)
    {
        if (!isRetried)
        {
            fail(CONNECT == state ? UNREACHABLE : link.unsent() > 0 ? UNWRITTEN : UNREAD);
            return;
        }

        link.close();
        link = migrations.links().connect(request.target());
        isKeptLink = false;
        repliesOfPreparation = 0;
        nextKey = 0;
        sent.keep();
        if (CONNECT != state)
        {
            moveTo(CONNECT);
        }
    }

    private void fail(final String why)
    {
        error = null == error ? why : error;
        if (null != link)
        {
            link.close();
            link = null;
        }

        moveTo(DONE);
    }

    private void moveTo(final MigrationState next)
    {
        Check.that(state.canMoveTo(next), "a migration goes from one state to another: from, to", state.ordinal(),
            next.ordinal());
        state = next;
    }

    /** When the target has been silent for too long. */
    private long deadlineOfMoveNs()
    {
        final long timeoutNs = TimeUnit.MILLISECONDS.toNanos(request.timeoutMs());
        return lastMoveNs + Math.min(timeoutNs, Long.MAX_VALUE - lastMoveNs);
    }

    /** When {@link #doWork} has something to do without an event. */
    long nextDeadlineNs()
    {
        return DONE == state ? 0 : deadlineOfMoveNs();
    }

    /** Time has stood still for it: nothing was to change meanwhile. */
    void paused(final long nowNs)
    {
        lastMoveNs = nowNs;
        if (null != link && CONNECT != state)
        {
            link.reading(false);
        }
    }

    @Override
    public boolean answer(final CommandContext context, final WaitQueue by)
    {
        if (request.isCopy())
        {
            sent.keepAccepted();
        }
        else
        {
            sent.delete(context);
        }

        if (DONE != state)
        {
            return false;
        }

        if (null != error)
        {
            context.reply().error(error);
        }
        else if (sent.changed() > 0)
        {
            context.reply()
                .error("ERR " + sent.changed() + " of the keys changed on the way and stay here as they are " +
                    "now; the target has what they were before");
        }
        else
        {
            context.reply().ok();
        }

        return true;
    }

    @Override
    public void end()
    {
        migrations.remove(this);
        sent.keep();
        arguments.close();
        if (null != link)
        {
            link.close();
            link = null;
        }
    }
}
