package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.millrace.bench.target.ServerProcess;
import org.millrace.bench.target.ServerSpec;

/**
 * The servers of one scenario, all running, of which only the one being measured may use the CPU: the others are
 * frozen. Owns them.
 */
final class Lineup implements AutoCloseable
{
    private final List<ServerProcess> servers = new ArrayList<>();

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

    /**
     * Starts all servers of the context.
     */
    static Lineup start(final BenchContext context, final String... options) throws IOException
    {
        final Lineup lineup = new Lineup();
        try
        {
            for (final ServerSpec spec : context.specs())
            {
                lineup.servers.add(launch(context, spec, spec.label(), options));
            }

            for (final ServerProcess server : lineup.servers)
            {
                server.awaitReady();
            }
        }
        catch (final IOException ex)
        {
            lineup.close();
            throw ex;
        }

        return lineup;
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
        return context.group().launch(name, spec, all.toArray(new String[0]));
    }

    int size()
    {
        return servers.size();
    }

    ServerProcess get(final int index)
    {
        return servers.get(index);
    }

    String label(final int index)
    {
        return servers.get(index).spec().label();
    }

    /**
     * Runs the block for every server, forwards and then backwards (A B B A), as often as said.
     */
    void alternate(final int rounds, final Block block) throws IOException
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < servers.size(); i++)
            {
                alone(i, 2 * round, block);
            }

            for (int i = servers.size() - 1; i >= 0; i--)
            {
                alone(i, 2 * round + 1, block);
            }
        }
    }

    /**
     * Runs the block once for every server, in order.
     */
    void each(final Block block) throws IOException
    {
        for (int i = 0; i < servers.size(); i++)
        {
            alone(i, 0, block);
        }
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        servers.forEach(ServerProcess::kill);
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
        block.run(servers.get(index), index, place);
    }
}
