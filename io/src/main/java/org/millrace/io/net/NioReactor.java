package org.millrace.io.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;
import org.millrace.io.thread.Parking;
import org.millrace.io.tls.TlsSetup;

/** One selector and the connections of the agents on one thread. Only {@link #wakeup} may be called from elsewhere. */
public final class NioReactor implements Reactor, Parking, AutoCloseable
{
    private static final int READY_CAPACITY = 64;
    /** A peer needs it for a few short messages. */
    private static final long HANDSHAKE_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long ACCEPT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Needed when the process has no descriptor left, and then no file of a class can be opened any more. */
    private static final Class<?> LOADED_EARLY = Delayed.class;

    private final Selector selector;
    private final Consumer<SelectionKey> collect = this::collect;
    private final ManyToOneConcurrentLinkedQueue<Runnable> tasks = new ManyToOneConcurrentLinkedQueue<>();
    private final NameResolver resolver;
    private final TlsSetup tls;
    private final long handshakeLimitNs;

    /** Null before there is one. */
    private TlsHandshakes handshakes;

    /** Those with input that the selector does not see. */
    private final List<TlsConnection> again = new ArrayList<>();

    private Runnable onTurn = () ->
    {
    };
    private final List<Delayed> delayed = new ArrayList<>();
    private boolean isWaking;

    /** What the selector has found: those of {@link #pollWithin} behind those of the poll that it is called from. */
    private SelectionKey[] ready = new SelectionKey[READY_CAPACITY];
    private int readyCount;
    private volatile boolean isParked;

    /** Without TLS. */
    public NioReactor(final NameResolver resolver)
    {
        this(resolver, null);
    }

    /** @param tls for {@link #connectTls} and for who is accepted so. */
    public NioReactor(final NameResolver resolver, final TlsSetup tls)
    {
        this(resolver, tls, HANDSHAKE_LIMIT_NS);
    }

    NioReactor(final NameResolver resolver, final TlsSetup tls, final long handshakeLimitNs)
    {
        this.handshakeLimitNs = handshakeLimitNs;
        this.resolver = resolver;
        this.tls = tls;
        try
        {
            selector = Selector.open();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Before start: called before events are handled, by {@link #poll} and once {@link #block} is over: take the time. */
    public void onTurn(final Runnable listener)
    {
        onTurn = listener;
    }

    @Override
    public int poll()
    {
        onTurn.run();
        try
        {
            return runDelayed() + runTasks() + select(0) + runTls();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * From the handler of an event that takes long: handle others. What was to run on this thread, at a time or as soon as
     * possible, waits for the next {@link #poll}.
     */
    public int pollWithin()
    {
        onTurn.run();
        try
        {
            return select(0) + runTls();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Look for events, and handle them once the selector has been left: it cannot be entered twice. */
    private int select(final long timeoutMs) throws IOException
    {
        final int first = readyCount;
        final int found = timeoutMs <= 0 ? selector.selectNow(collect) : selector.select(collect, timeoutMs);
        final int end = readyCount;
        for (int i = first; i < end; i++)
        {
            final SelectionKey key = ready[i];
            ready[i] = null;
            dispatch(key);
        }

        readyCount = first;
        return found;
    }

    private void collect(final SelectionKey key)
    {
        if (readyCount == ready.length)
        {
            ready = Arrays.copyOf(ready, 2 * readyCount);
        }

        ready[readyCount++] = key;
    }

    @Override
    public int block(final long timeoutNs)
    {
        final long timeoutMs = TimeUnit.NANOSECONDS.toMillis(timeoutNs);
        try
        {
            isWaking = true;
            final long limitMs = delayed.isEmpty() ? timeoutMs : untilDelayedMs(timeoutMs);
            final int found = select(again.isEmpty() ? limitMs : 0);
            isParked = false;
            woken();
            return found + runTasks() + runDelayed() + runTls();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void parking(final boolean isAboutToPark)
    {
        isParked = isAboutToPark;
        if (isAboutToPark)
        {
            // The last look for work must not come before the flag is up.
            VarHandle.fullFence();
        }
    }

    @Override
    public void wakeup()
    {
        // Between the caller's publication, which may be a mere release store, and the look at the flag; parking() is a
        // volatile write before the last check. Else each could miss the other.
        VarHandle.fullFence();
        if (isParked)
        {
            isParked = false;
            selector.wakeup();
        }
    }

    /** A listener cannot accept for now: asked at every turn it would only burn a core. */
    void pause(final Listener listener)
    {
        listener.paused(true);
        after(ACCEPT_PAUSE_NS, () -> listener.paused(false));
    }

    /** Run something on this thread once so much time has gone by. For what is rare: each turn looks at all of them. */
    void after(final long delayNs, final Runnable task)
    {
        delayed.add(new Delayed(System.nanoTime() + delayNs, task));
    }

    private int runDelayed()
    {
        if (delayed.isEmpty())
        {
            return 0;
        }

        final long nowNs = System.nanoTime();
        final List<Delayed> due = new ArrayList<>(delayed);
        due.removeIf((each) -> each.atNs - nowNs > 0);
        delayed.removeAll(due);
        due.forEach((each) -> each.task.run());
        return due.size();
    }

    /** The part of a rest, ms, after which something delayed is due. */
    private long untilDelayedMs(final long timeoutMs)
    {
        long untilMs = timeoutMs;
        for (int i = 0; i < delayed.size(); i++)
        {
            final long leftNs = delayed.get(i).atNs - System.nanoTime();
            untilMs = Math.min(untilMs, 1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNs)));
        }

        return untilMs;
    }

    /** Something that waits for its time. */
    private static final class Delayed
    {
        private final long atNs;
        private final Runnable task;

        private Delayed(final long atNs, final Runnable task)
        {
            this.atNs = atNs;
            this.task = task;
        }
    }

    /** Run something on the reactor's thread; from any thread. */
    public void execute(final Runnable task)
    {
        tasks.add(task);
        wake();
    }

    /** Take a turn, now or next; from any thread. */
    void wake()
    {
        selector.wakeup();
    }

    @Override
    public Connection connect(
        final String host, final int port, final String bindHost, final ConnectionHandler handler)
    {
        return connect(host, port, bindHost, new NioConnection(handler));
    }

    @Override
    public Connection connectTls(
        final String host, final int port, final String bindHost, final ConnectionHandler handler)
    {
        return connect(host, port, bindHost, new TlsConnection(handler, this, tls::connecting));
    }

    private Connection connect(
        final String host, final int port, final String bindHost, final NioConnection connection)
    {
        final InetAddress source = NameResolver.numeric(bindHost);
        final InetAddress numeric = NameResolver.numeric(host);
        if (null != numeric && (null != source || bindHost.isEmpty()))
        {
            // As a task, so that not even an immediate failure calls the handler from in here.
            final InetAddress[] single = {numeric};
            tasks.add(() -> new Connector(this, connection, single, port, source).begin());
        }
        else
        {
            resolve(connection, host, port, bindHost);
        }

        return connection;
    }

    private void resolve(final NioConnection connection, final String host, final int port, final String bindHost)
    {
        resolver.resolve(host, this::execute, (addresses, failure) ->
        {
            if (null == addresses)
            {
                connection.connectFailed(failure);
            }
            else if (bindHost.isEmpty() || null != NameResolver.numeric(bindHost))
            {
                new Connector(this, connection, addresses, port, NameResolver.numeric(bindHost)).begin();
            }
            else
            {
                resolver.resolve(bindHost, this::execute, (sources, ignored) -> new Connector(
                    this, connection, addresses, port, null == sources ? null : sources[0]).begin());
            }
        });
    }

    void register(final NioConnection connection) throws IOException
    {
        connection.key(connection.channel().register(selector, connection.interestOps(), connection));
    }

    /** The selector, for the listener that accepts on this thread. */
    Selector selector()
    {
        return selector;
    }

    /** Of connections with TLS that are registered here. */
    TlsHandshakes handshakes()
    {
        if (null == handshakes)
        {
            handshakes = new TlsHandshakes(this, tls, handshakeLimitNs);
        }

        return handshakes;
    }

    /** An accepted connection that is to shake hands; not registered yet. */
    TlsConnection acceptedTls(final SocketChannel channel)
    {
        return new TlsConnection(channel, this, tls::accepting);
    }

    /** It has input that the selector does not see: it is told so in the next turn. */
    void again(final TlsConnection connection)
    {
        again.add(connection);
    }

    /** It is another's. */
    void forget(final TlsConnection connection)
    {
        again.remove(connection);
    }

    private int runTls()
    {
        return (null == handshakes ? 0 : handshakes.doWork()) + (again.isEmpty() ? 0 : runAgain());
    }

    private int runAgain()
    {
        // A copy, since they come again, and since a turn may have turns within.
        final TlsConnection[] all = again.toArray(new TlsConnection[0]);
        again.clear();
        for (final TlsConnection connection : all)
        {
            connection.onAgain();
        }

        return all.length;
    }

    @Override
    public void release(final Connection connection)
    {
        // The key stays, silent: cancelling takes effect only at the next select, and this may be called from inside one.
        final NioConnection nio = (NioConnection)connection;
        nio.handler(null);
        nio.reactor(null);
        if (null != nio.key() && nio.key().isValid())
        {
            nio.key().interestOps(0);
        }
    }

    @Override
    public void adopt(final Connection connection, final ConnectionHandler handler)
    {
        final NioConnection nio = (NioConnection)connection;
        nio.handler(handler);
        if (!nio.isOpen())
        {
            return;
        }

        try
        {
            final SelectionKey key = nio.key();
            if (null != key && key.isValid() && key.selector() == selector)
            {
                key.interestOps(nio.interestOps());
                nio.reactor(this);
                return;
            }

            if (null != key)
            {
                // A channel may be registered with two selectors: the old key goes when its own selects again.
                key.cancel();
            }

            register(nio);
            nio.reactor(this);
        }
        catch (final IOException e)
        {
            nio.close();
        }
    }

    private void woken()
    {
        if (isWaking)
        {
            isWaking = false;
            // Somebody may have interrupted this thread instead of waking it: sockets that it reads would be closed.
            Thread.interrupted();
            onTurn.run();
        }
    }

    private void dispatch(final SelectionKey key)
    {
        woken();
        final Object attachment = key.attachment();
        if (!key.isValid())
        {
            return;
        }

        if (attachment instanceof NioConnection connection)
        {
            connection.onReady(key.readyOps());
        }
        else
        {
            ((Listener)attachment).accept();
        }
    }

    private int runTasks()
    {
        int count = 0;
        Runnable task;
        while (null != (task = tasks.poll()))
        {
            task.run();
            count++;
        }

        return count;
    }

    @Override
    public void close()
    {
        try
        {
            for (final SelectionKey key : selector.keys())
            {
                key.channel().close();
            }

            selector.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        catch (final ClosedSelectorException e)
        {
            // Closed twice: nothing is left to close.
            return;
        }
    }
}
