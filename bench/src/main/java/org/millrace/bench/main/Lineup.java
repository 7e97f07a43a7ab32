package org.millrace.bench.main;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.millrace.bench.target.MachineUse;
import org.millrace.bench.target.ProcFs;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.Ports;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.kit.tls.TestCertificates;

/**
 * The servers of one scenario, of which only the one being measured may use the CPU. All run and the others are frozen;
 * or, if the machine has no room for all their data sets at once, one runs at a time and is filled again for each of
 * its turns. Owns them.
 */
final class Lineup implements AutoCloseable
{
    /** A data set in a server, with room for what a forked child copies. */
    private static final double BYTES_PER_BYTE = 1.7;
    private static final double SPARE_PART = 0.1;

    private final List<ServerProcess> servers = new ArrayList<>();
    private final BenchContext context;
    private final Preparation preparation;
    private final String[] options;
    private final boolean isOneAtATime;
    private int startCount;

    /** Measures one server in one place of the order. */
    @FunctionalInterface
    interface Block
    {
        /**
         * Called with the server alone awake.
         *
         * @param index of the server in the line-up.
         * @param place counts the blocks of this server from 0.
         */
        void run(ServerProcess server, int index, int place) throws IOException;
    }

    /** Brings a fresh server to where measuring starts. */
    @FunctionalInterface
    interface Preparation
    {
        /**
         * Called with the server alone awake.
         */
        void prepare(ServerProcess server) throws IOException;
    }

    private Lineup(
        final BenchContext context,
        final Preparation preparation,
        final boolean isOneAtATime,
        final String... options)
    {
        this.context = context;
        this.preparation = preparation;
        this.isOneAtATime = isOneAtATime;
        this.options = options;
    }

    /**
     * Starts all servers of the context.
     */
    static Lineup start(final BenchContext context, final String... options) throws IOException
    {
        return started(new Lineup(context, (server) ->
        {
        }, false, options));
    }

    /**
     * Starts all servers of the context and fills them, if the machine has room for them all.
     *
     * @param dataBytes   of the data set of each.
     * @param preparation fills a server.
     * @throws IOException if there is not even room for one.
     */
    static Lineup start(
        final BenchContext context,
        final long dataBytes,
        final Preparation preparation,
        final String... options) throws IOException
    {
        final long available = ProcFs.ofThisMachine().availableBytes();
        final double usable = ProcFs.ABSENT == available ? Double.MAX_VALUE : available * (1 - SPARE_PART);
        final double needed = dataBytes * BYTES_PER_BYTE;
        if (needed > usable)
        {
            throw new IOException(
                String.format(
                    Locale.ROOT,
                    "a data set of %.1f GB needs some %.1f GB of memory, of which %.1f are available: " +
                        "choose a smaller one (--data)",
                    dataBytes / 1e9,
                    needed / 1e9,
                    usable / 1e9));
        }

        final boolean isOneAtATime = needed * context.specs().size() > usable;
        if (isOneAtATime)
        {
            context.progress("  no room for all data sets at once: one server runs at a time");
            return new Lineup(context, preparation, true, options);
        }

        return started(new Lineup(context, preparation, false, options));
    }

    /**
     * Starts one server with the options of benchmarks; the name gets a number if it is taken.
     */
    static ServerProcess launch(
        final BenchContext context,
        final ServerSpec spec,
        final String name,
        final String... options) throws IOException
    {
        final List<String> all = new ArrayList<>(List.of(BenchContext.SERVER_OPTIONS));
        all.addAll(List.of(options));
        if (context.isTls())
        {
            final Path files = context.group().directory().resolve("tls");
            all.addAll(List.of(TestCertificates.in(files).serverOptions(Ports.free())));
            // What is measured is how much TLS costs once hands are shaken.
            all.addAll(List.of("--tls-auth-clients", "no"));
        }

        return context.group().launch(name, spec, all.toArray(new String[0]));
    }

    /** The port that a server takes clients with TLS on. */
    static int tlsPort(final ServerProcess server) throws IOException
    {
        try (RespClient client = server.connect())
        {
            final byte[] port = (byte[])((List<?>)client.callOk("CONFIG", "GET", "tls-port")).get(1);
            return Integer.parseInt(new String(port, StandardCharsets.US_ASCII));
        }
    }

    int size()
    {
        return context.specs().size();
    }

    String label(final int index)
    {
        return context.specs().get(index).label();
    }

    ServerSpec spec(final int index)
    {
        return context.specs().get(index);
    }

    /** True if the machine has no room for all servers with their data at once, so none for a replica's either. */
    boolean isOneAtATime()
    {
        return isOneAtATime;
    }

    /**
     * Runs the block for every server, forwards and then backwards (A B B A), as often as said.
     */
    void alternate(final int rounds, final Block block) throws IOException
    {
        passes(2 * rounds, block);
    }

    /**
     * Runs the block once for every server, in order.
     */
    void each(final Block block) throws IOException
    {
        passes(1, block);
    }

    /**
     * Goes through all servers as often as said, forwards and backwards in turn.
     */
    void passes(final int count, final Block block) throws IOException
    {
        for (int place = 0; place < count; place++)
        {
            for (int i = 0; i < size(); i++)
            {
                final int index = 0 == (place & 1) ? i : size() - 1 - i;
                if (isOneAtATime)
                {
                    startAndRun(index, place, block);
                }
                else
                {
                    alone(index, place, block);
                }
            }
        }
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        servers.forEach(ServerProcess::kill);
    }

    private static Lineup started(final Lineup lineup) throws IOException
    {
        try
        {
            for (final ServerSpec spec : lineup.context.specs())
            {
                lineup.servers.add(launch(lineup.context, spec, spec.label(), lineup.options));
            }

            for (final ServerProcess server : lineup.servers)
            {
                server.awaitReady();
            }

            lineup.each((server, index, place) -> lineup.preparation.prepare(server));
        }
        catch (final IOException ex)
        {
            lineup.close();
            throw ex;
        }

        return lineup;
    }

    private void startAndRun(final int index, final int place, final Block block) throws IOException
    {
        final String name = label(index) + " start " + ++startCount;
        final ServerProcess server = launch(context, spec(index), name, options);
        try
        {
            server.awaitReady();
            preparation.prepare(server);
            watched(server, index, place, block);
        }
        finally
        {
            server.kill();
        }
    }

    private void alone(final int index, final int place, final Block block) throws IOException
    {
        for (int i = 0; i < servers.size(); i++)
        {
            if (i != index)
            {
                servers.get(i).freeze();
            }
        }

        servers.get(index).thaw();
        watched(servers.get(index), index, place, block);
    }

    private void watched(final ServerProcess server, final int index, final int place, final Block block)
        throws IOException
    {
        final MachineUse.Watch watch = MachineUse.watch();
        block.run(server, index, place);
        context.machine().add(label(index), watch);
    }
}
