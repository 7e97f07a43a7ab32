package org.millrace.bench.main;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;

import org.millrace.bench.rig.DatasetComparison;
import org.millrace.bench.rig.OffsetSettling;
import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.RespError;

/**
 * {@code millrace verify A B}: compares the data of two servers key by key, at one offset if they replicate from each
 * other or from the same primary.
 */
public final class VerifyMain
{
    /** Exit code: the data sets are equal. */
    public static final int EQUAL = 0;
    /** Exit code: they differ. */
    public static final int DIFFERENT = 1;
    /** Exit code: wrong arguments, or a server could not be read. */
    public static final int NOT_COMPARED = 2;

    private static final String USAGE = """
        usage: millrace verify A B [options]
          A, B            host:port of two servers (Redis, Valkey or Millrace); :port or port alone means this host
          --user U        log in with this name ...
          --password P    ... and password, on both
          --db N          compare this database only
          --timeout S     seconds to wait for equal replication offsets (default 30)
          --max N         differences to list (default 20; all are counted)
        exit code: 0 equal, 1 different, 2 not compared
        """;
    private static final int READ_TIMEOUT_MS = 60_000;
    private static final long PROGRESS_MS = 1_000;

    private final PrintStream out;
    private final PrintStream err;

    VerifyMain(final PrintStream out, final PrintStream err)
    {
        this.out = out;
        this.err = err;
    }

    /**
     * Entry point; ends the JVM with the exit code.
     */
    public static void main(final String[] arguments)
    {
        System.exit(new VerifyMain(System.out, System.err).run(arguments));
    }

    int run(final String[] arguments)
    {
        try
        {
            final CommandLine line = new CommandLine(
                arguments,
                Set.of("user", "password", "db", "timeout", "max"),
                Set.of("help"));
            if (line.has("help"))
            {
                out.print(USAGE);
                return EQUAL;
            }

            if (2 != line.words().size())
            {
                throw new IllegalArgumentException("two servers are needed");
            }

            return compare(line);
        }
        catch (final IllegalArgumentException ex)
        {
            err.println("millrace verify: " + ex.getMessage());
            err.print(USAGE);
            return NOT_COMPARED;
        }
        catch (final IOException ex)
        {
            err.println("millrace verify: " + ex.getMessage());
            return NOT_COMPARED;
        }
    }

    private int compare(final CommandLine line) throws IOException
    {
        final String leftName = line.words().get(0);
        final String rightName = line.words().get(1);
        try (RespClient left = open(leftName, line); RespClient right = open(rightName, line))
        {
            describe(leftName, left);
            describe(rightName, right);
            settle(left, right, line.number("timeout", 30));

            final long startNs = System.nanoTime();
            final DatasetComparison comparison = new DatasetComparison(
                left,
                right,
                (int)line.number("max", 20),
                new ProgressLine(err, PROGRESS_MS));
            final DatasetComparison.Result result = line.has("db")
                ? comparison.run((int)line.number("db", 0))
                : comparison.run();
            print(result, (System.nanoTime() - startNs) / 1_000_000);
            return result.differentCount() > 0 ? DIFFERENT : result.isEqual() ? EQUAL : NOT_COMPARED;
        }
    }

    private void describe(final String name, final RespClient client) throws IOException
    {
        final var server = client.info("server");
        final String product = server.fields().containsKey("millrace_version")
            ? "Millrace " + server.text("millrace_version", "")
            : server.fields().containsKey("valkey_version")
                ? "Valkey " + server.text("valkey_version", "")
                : "Redis " + server.text("redis_version", "of unknown version");
        final var replication = client.info("replication");
        out.println(
            name + ": " + product + ", " + (replication.is("role", "master") ? "primary" : "replica") + ", offset " +
                replication.text("master_repl_offset", "unknown"));
    }

    private void settle(final RespClient left, final RespClient right, final long timeoutS) throws IOException
    {
        switch (OffsetSettling.await(left, right, timeoutS * 1_000))
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
            "%s: %,d keys compared in %.1f s, %,d different%n",
            result.differentCount() > 0 ? "DIFFERENT" : result.isEqual() ? "EQUAL" : "NOT FULLY COMPARED",
            result.comparedCount(),
            timeMs / 1_000.0,
            result.differentCount());
    }

    private static RespClient open(final String name, final CommandLine line) throws IOException
    {
        final int colon = name.lastIndexOf(':');
        final String host = colon <= 0 ? "127.0.0.1" : name.substring(0, colon).replaceAll("[\\[\\]]", "");
        final int port;
        try
        {
            port = Integer.parseInt(name.substring(colon + 1));
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("not a host:port: " + name, ex);
        }

        try
        {
            final RespClient client = RespClient.connect(host, port, READ_TIMEOUT_MS);
            login(client, line);
            return client;
        }
        catch (final IOException ex)
        {
            throw new IOException(name + ": " + ex.getMessage(), ex);
        }
    }

    private static void login(final RespClient client, final CommandLine line) throws IOException
    {
        if (line.has("password"))
        {
            final Object reply = line.has("user")
                ? client.call("AUTH", line.text("user", ""), line.text("password", ""))
                : client.call("AUTH", line.text("password", ""));
            if (reply instanceof RespError)
            {
                client.close();
                throw new IOException(((RespError)reply).message());
            }
        }
    }
}
