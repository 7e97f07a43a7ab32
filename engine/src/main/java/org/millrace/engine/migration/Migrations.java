package org.millrace.engine.migration;

import static org.millrace.engine.command.CommandFlags.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.transport.Reactor;

/** MIGRATE, and all that are under way. Writer thread. */
public final class Migrations implements AutoCloseable
{
    private static final int KEY = 3;
    private static final int KEYS_FROM = -2;

    private final WriterState writer;
    private final ExecutionState state;
    private final KeyInterest interest;
    private final TargetLinks links;
    private final BooleanSupplier isTls;
    private final List<Migration> running = new ArrayList<>();

    /**
     * @param reactor of the writer.
     * @param isTls tls-cluster, of now.
     */
    public Migrations(
        final WriterState writer,
        final ExecutionState state,
        final KeyInterest interest,
        final Reactor reactor,
        final BooleanSupplier isTls)
    {
        this.writer = writer;
        this.state = state;
        this.interest = interest;
        this.isTls = isTls;
        links = new TargetLinks(reactor);
    }

    public void register(final CommandTable table)
    {
        final CommandKeys keys = CommandKeys.of(
            KeySpec.at(KEY, KeyFlags.TAKE),
            KeySpec.behind("KEYS", KEYS_FROM, -1, 0, KeyFlags.TAKE | KeyFlags.INCOMPLETE)).or(KeyRules::migrate);
        table.add("migrate", -6, WRITE, Category.KEYSPACE | Category.DANGEROUS, keys, this::migrate)
            .secrets(Secrets::isOfMigration);
    }

    private void migrate(final CommandContext context)
    {
        final MigrateRequest request = MigrateRequest.read(context, isTls.getAsBoolean());
        if (null == request)
        {
            return;
        }

        boolean isAny = false;
        for (int i = 0; i < request.keyCount(); i++)
        {
            isAny |= Entry.NO_ENTRY != context.lookupRead(request.firstKey() + i);
        }

        if (!isAny)
        {
            context.reply().simple("NOKEY");
        }
        else if (context.isNested())
        {
            // Nobody else could be served until the other server has answered.
            context.reply()
                .error("ERR MIGRATE is not allowed within a transaction or a script: it waits for another server");
        }
        else
        {
            context.block(new Migration(this, request, context.args(), context.session().db));
        }
    }

    /** Its client waits. */
    void add(final Migration migration)
    {
        running.add(migration);
        migration.begin(writer.nowNs());
    }

    void remove(final Migration migration)
    {
        running.remove(migration);
    }

    /** A bounded step, between commands. @return work count. */
    public int doWork(final long nowNs)
    {
        if (links.size() > 0)
        {
            links.doWork(nowNs);
        }

        int work = 0;
        for (int i = running.size() - 1; i >= 0; i--)
        {
            // Backwards, as each may be gone by the end of its step.
            if (isHeld())
            {
                running.get(i).paused(nowNs);
            }
            else
            {
                work += running.get(i).doWork(nowNs);
            }
        }

        return work;
    }

    /** Nothing may change here, so nothing is to be sent away. */
    private boolean isHeld()
    {
        return state.isLoading || state.isWritePaused(writer.steadyMs());
    }

    /** When {@link #doWork} has something to do without an event; Long.MAX_VALUE for never. */
    public long nextDeadlineNs()
    {
        long earliestNs = Long.MAX_VALUE;
        for (int i = isHeld() ? running.size() : 0; i < running.size(); i++)
        {
            earliestNs = Math.min(earliestNs, running.get(i).nextDeadlineNs());
        }

        return earliestNs;
    }

    /** Connections that are kept for the next MIGRATE. */
    public int keptLinks()
    {
        return links.size();
    }

    WriterState writer()
    {
        return writer;
    }

    KeyInterest interest()
    {
        return interest;
    }

    TargetLinks links()
    {
        return links;
    }

    @Override
    public void close()
    {
        links.close();
    }
}
