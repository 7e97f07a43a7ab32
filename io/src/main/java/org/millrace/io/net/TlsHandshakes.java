package org.millrace.io.net;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.millrace.io.tls.TlsStream;

/**
 * The handshakes of one reactor's connections. Each goes on, whenever its socket is ready, on a thread of its own kind,
 * since it takes milliseconds; the reactor's thread only hears how far it has come. Who takes too long is closed.
 */
final class TlsHandshakes
{
    /** How often those that take too long are looked for, a part of the time that they have. */
    private static final int LOOKS = 10;

    private final NioReactor reactor;
    private final Executor threads;
    private final long limitNs;

    /** In the order in which they have begun. */
    private final Map<TlsConnection, Handshake> running = new LinkedHashMap<>();
    private final ManyToOneConcurrentLinkedQueue<Handshake> steps = new ManyToOneConcurrentLinkedQueue<>();
    private boolean isLooking;

    /** @param limitNs for all of a handshake. */
    TlsHandshakes(final NioReactor reactor, final Executor threads, final long limitNs)
    {
        this.limitNs = limitNs;
        this.reactor = reactor;
        this.threads = threads;
    }

    /** One of them, and a step of it as the other thread makes it. */
    private final class Handshake implements Runnable
    {
        private final TlsConnection connection;
        private final Runnable onDone;
        private final Consumer<IOException> onFailure;
        private final long beginNs = System.nanoTime();
        private TlsStream.Step step;
        private IOException failure;

        private Handshake(
            final TlsConnection connection, final Runnable onDone, final Consumer<IOException> onFailure)
        {
            this.connection = connection;
            this.onDone = onDone;
            this.onFailure = onFailure;
        }

        @Override
        public void run()
        {
            try
            {
                step = connection.shakeHands();
            }
            catch (final IOException e)
            {
                failure = e;
            }
            catch (final RuntimeException | Error e)
            {
                failure = new IOException(e.toString(), e);
            }

            steps.add(this);
            reactor.wake();
        }
    }

    /** Handshakes that are going on. */
    int count()
    {
        return running.size();
    }

    /**
     * Begin; the connection is registered. Afterwards, in another turn, one of both is called, unless it is closed before.
     */
    void begin(final TlsConnection connection, final Runnable onDone, final Consumer<IOException> onFailure)
    {
        running.put(connection, new Handshake(connection, onDone, onFailure));
        goOn(connection);
        if (!isLooking)
        {
            isLooking = true;
            reactor.after(limitNs / LOOKS, this::closeSlow);
        }
    }

    /** Its socket is ready. */
    void goOn(final TlsConnection connection)
    {
        final Handshake handshake = running.get(connection);
        if (null != handshake)
        {
            connection.working();
            threads.execute(handshake);
        }
    }

    /** Once a turn: take over what the other threads have done. @return how many steps. */
    int doWork()
    {
        int count = 0;
        for (Handshake each = steps.poll(); null != each; each = steps.poll())
        {
            count++;
            final TlsConnection connection = each.connection;
            if (!connection.isOpen())
            {
                running.remove(connection);
            }
            else if (null != each.failure)
            {
                running.remove(connection);
                connection.fail(each.failure);
                each.onFailure.accept(each.failure);
            }
            else
            {
                connection.waitFor(each.step);
                if (TlsStream.Step.DONE == each.step)
                {
                    running.remove(connection);
                    connection.relist();
                    // The last, as it may be another thread's from here on.
                    each.onDone.run();
                }
            }
        }

        return count;
    }

    private void closeSlow()
    {
        isLooking = false;
        final long nowNs = System.nanoTime();
        final ArrayDeque<Handshake> late = new ArrayDeque<>();
        for (final Iterator<Handshake> each = running.values().iterator(); each.hasNext();)
        {
            final Handshake handshake = each.next();
            final boolean isLate = nowNs - handshake.beginNs >= limitNs;
            if (isLate || !handshake.connection.isOpen())
            {
                each.remove();
            }

            if (isLate && handshake.connection.isOpen())
            {
                late.add(handshake);
            }
        }

        for (final Handshake handshake : late)
        {
            final IOException failure = new IOException("the TLS handshake took too long");
            handshake.connection.fail(failure);
            handshake.onFailure.accept(failure);
        }

        if (!running.isEmpty())
        {
            isLooking = true;
            reactor.after(limitNs / LOOKS, this::closeSlow);
        }
    }
}
