package org.millrace.bench.main;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;

import org.millrace.bench.cli.CommandLine;
import org.millrace.bench.cli.Tool;
import org.millrace.bench.cli.UsageException;
import org.millrace.kit.compare.DatasetComparison;
import org.millrace.bench.rig.OffsetSettling;
import org.millrace.kit.resp.InfoReply;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;

/**
 * {@code millrace verify A B}: compares the data of two servers key by key, at one offset if they replicate from each
 * other or from the same primary.
 */
public final class VerifyMain
{
    /** Exit code: the data sets are equal. */
    public static final int EQUAL = Tool.OK;
    /** Exit code: they differ. */
    public static final int DIFFERENT = 1;
    /** Exit code: wrong arguments, or a server could not be read. */
    public static final int NOT_COMPARED = Tool.NOT_DONE;

    private static final String USAGE = """
        usage: millrace verify A B [options]
          A, B                   two servers (Redis, Valkey or Millrace): host:port, :port or port for this host, each
                                 also with its login as [user]:password@host:port or redis://[user]:password@host:port
          --user U               log in with this name ...
          --password P           ... and password, where the address has none (default: $REDISCLI_AUTH)
          --db N                 compare this database only
          --timeout S            seconds to wait for equal replication offsets (default 30)
          --max N                differences to list (default 20; all are counted)
          --stop N               end once N keys differ
          --expire-tolerance MS  how far apart two times of expiry may be (default 0)
        exit code: 0 equal, 1 different, 2 not compared
        """;
    private static final String PASSWORD_VARIABLE = "REDISCLI_AUTH";
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int READ_TIMEOUT_MS = 60_000;
    private static final long PROGRESS_MS = 1_000;

    private final PrintStream out;
    private final PrintStream err;
    private final String usualPassword;

    VerifyMain(final PrintStream out, final PrintStream err)
    {
        this(out, err, System.getenv(PASSWORD_VARIABLE));
    }

    VerifyMain(final PrintStream out, final PrintStream err, final String usualPassword)
    {
        this.out = out;
        this.err = err;
        this.usualPassword = usualPassword;
    }

    /**
     * Entry point; ends the JVM with the exit code.
     */
    public static void main(final String[] arguments)
    {
        Tool.forgetLocale();
        System.exit(new VerifyMain(System.out, System.err).run(arguments));
    }

    int run(final String[] arguments)
    {
        return Tool.run("millrace verify", err, () ->
        {
            final CommandLine line = new CommandLine(
                arguments,
                Set.of("user", "password", "db", "timeout", "max", "stop", "expire-tolerance"),
                Set.of());
            if (line.wantsHelp())
            {
                out.print(USAGE);
                return EQUAL;
            }

            if (2 != line.words().size())
            {
                throw new UsageException("two servers are needed, not " + line.words().size());
            }

            return compare(line);
        });
    }

    private int compare(final CommandLine line) throws IOException
    {
        final ServerAddress leftAddress = address(line, 0);
        final ServerAddress rightAddress = address(line, 1);
        final DatasetComparison.Limits limits = new DatasetComparison.Limits(
            (int)line.number("max", 20, 0, Integer.MAX_VALUE),
            line.number("stop", DatasetComparison.NEVER, 1, Long.MAX_VALUE),
            line.number("expire-tolerance", 0));
        final long timeoutS = line.number("timeout", 30, 0, Integer.MAX_VALUE);
        final int database = (int)line.number("db", -1, 0, Integer.MAX_VALUE);
        try (RespClient left = open(leftAddress); RespClient right = open(rightAddress))
        {
            final String leftId = describe(leftAddress, left);
            final String rightId = describe(rightAddress, right);
            if (leftId.equals(rightId))
            {
                out.println("both are one server");
            }

            settle(left, right, timeoutS);
            final long startNs = System.nanoTime();
            final DatasetComparison comparison = new DatasetComparison(
                left,
                right,
                limits,
                new ProgressLine(err, PROGRESS_MS));
            final DatasetComparison.Result result = database >= 0 ? comparison.run(database) : comparison.run();
            print(result, (System.nanoTime() - startNs) / 1_000_000);
            return result.differentCount() > 0 ? DIFFERENT : result.isEqual() ? EQUAL : NOT_COMPARED;
        }
    }

    /** Says what the server is; the answer tells one process from another. */
    private String describe(final ServerAddress address, final RespClient client) throws IOException
    {
        final InfoReply server = client.info("server");
        final String product = server.fields().containsKey("millrace_version")
            ? "Millrace " + server.text("millrace_version", "")
            : server.fields().containsKey("valkey_version")
                ? "Valkey " + server.text("valkey_version", "")
                : "Redis " + server.text("redis_version", "of unknown version");
        final InfoReply replication = client.info("replication");
        out.println(
            address + ": " + product + ", " + (replication.is("role", "master") ? "primary" : "replica") + ", offset " +
                replication.text("master_repl_offset", "unknown"));
        return server.text("run_id", address.toString());
    }

    private void settle(final RespClient left, final RespClient right, final long timeoutS) throws IOException
    {
        final OffsetSettling.Outcome outcome = OffsetSettling.await(
            left,
            right,
            timeoutS * 1_000,
            (a, b) -> err.println("waiting for one offset: " + a + " / " + b));
        switch (outcome)
        {
            case SETTLED -> out.println("both are at one offset of one history");
            case UNRELATED -> out.println("they do not replicate from each other; comparing what they hold now");
            default -> err.println(
                "warning: the offsets did not become equal within " + timeoutS +
                    " s (is something writing, or a link down?); differences may be in flight");
        }
    }

    private void print(final DatasetComparison.Result result, final long timeMs)
    {
        for (final DatasetComparison.Difference difference : result.listed())
        {
            out.println(
                "different: db" + difference.database() + " key " + difference.key() + ": " + difference.what());
        }

        if (result.differentCount() > result.listed().size())
        {
            out.println("... and " + (result.differentCount() - result.listed().size()) + " more");
        }

        if (result.skippedCount() > 0)
        {
            out.println(result.skippedCount() + " keys are of types whose values this program cannot read");
        }

        out.printf(
            Locale.ROOT,
            "%s: %,d keys compared in %.1f s, %,d different%s%n",
            result.differentCount() > 0 ? "DIFFERENT" : result.isEqual() ? "EQUAL" : "NOT FULLY COMPARED",
            result.comparedCount(),
            timeMs / 1_000.0,
            result.differentCount(),
            result.isStopped() ? ", stopped there (--stop)" : "");
    }

    private ServerAddress address(final CommandLine line, final int index)
    {
        final ServerAddress address = ServerAddress.parse(line.words().get(index));
        return address.withLogin(line.text("user", null), line.text("password", usualPassword));
    }

    private static RespClient open(final ServerAddress address) throws IOException
    {
        final RespClient client = RespClient.connect(address.host(), address.port(), CONNECT_TIMEOUT_MS);
        client.timeoutMs(READ_TIMEOUT_MS);
        if (null != address.password())
        {
            final Object reply = null == address.user()
                ? client.call("AUTH", address.password())
                : client.call("AUTH", address.user(), address.password());
            if (reply instanceof RespError && !isNoneNeeded((RespError)reply))
            {
                client.close();
                throw new IOException(address + ": " + ((RespError)reply).message());
            }
        }

        return client;
    }

    /** A password for both may meet a server that has none. */
    private static boolean isNoneNeeded(final RespError error)
    {
        return error.message().contains("without any password configured");
    }
}
