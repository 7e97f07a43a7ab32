package org.millrace.engine.replication.replica;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;

/**
 * One connection to the primary with its buffers. Turns the reactor's events into flags that the link looks at in its
 * duty cycle, so that everything the link does happens there, with that cycle's time. One object per connection: an
 * event that comes late cannot be taken for one of the next connection. Writer thread.
 */
final class LinkChannel implements ConnectionHandler
{
    /** With this much unsent the primary does not read: further ACKs would only tell it what it does not hear. */
    private static final int UNSENT_MAX = 64 * 1024;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private static final byte[] ACK = ascii("*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$");
    private static final byte[] ACK_OF_BOTH = ascii("*5\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$");
    private static final byte[] FACK = ascii("$4\r\nFACK\r\n$");
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] NEWLINE = {'\n'};

    private final LinkInput input;
    private final OutBuffer output;
    private final ReplicaSettings settings;
    private final Statistics statistics;
    private Connection connection;
    private boolean isConnected;
    private boolean isReadable;
    private boolean wantsWrite;
    private boolean isBroken;
    private long lastIoNs;

    /** @param nowNs the primary's silence counts from here on. */
    LinkChannel(
        final LinkInput input,
        final OutBuffer output,
        final ReplicaSettings settings,
        final Statistics statistics,
        final long nowNs)
    {
        this.input = input;
        this.output = output;
        this.settings = settings;
        this.statistics = statistics;
        lastIoNs = nowNs;
        input.clear();
        output.truncate(0);
    }

    void connect(final Reactor reactor, final String host, final int port)
    {
        connection = settings.isTls
            ? reactor.connectTls(host, port, settings.bindSource, this)
            : reactor.connect(host, port, settings.bindSource, this);
    }

    @Override
    public void onConnected()
    {
        isConnected = true;
    }

    @Override
    public void onReadable()
    {
        isReadable = true;
    }

    @Override
    public void onWritable()
    {
        flush();
    }

    /** The connect has ended, well or badly. */
    boolean isConnectDone()
    {
        return isConnected;
    }

    Connection connection()
    {
        return connection;
    }

    LinkInput input()
    {
        return input;
    }

    /** When something came from the primary last, or what counts as that. */
    long lastIoNs()
    {
        return lastIoNs;
    }

    /** The primary is as good as heard. */
    void heard(final long nowNs)
    {
        lastIoNs = nowNs;
    }

    /** Strictly more whole seconds than repl-timeout, as Redis counts them. */
    long timeoutAtNs()
    {
        return lastIoNs + (settings.timeoutSeconds + 1L) * SECOND_NS;
    }

    boolean isSilent(final long nowNs)
    {
        return nowNs >= timeoutAtNs();
    }

    /** Read once if there is something; result as of {@link LinkInput#read}. */
    int receive(final long nowNs)
    {
        if (isBroken)
        {
            return Connection.CLOSED;
        }

        if (!isReadable)
        {
            return 0;
        }

        isReadable = false;
        final int received = input.read(connection);
        if (received > 0)
        {
            lastIoNs = nowNs;
            statistics.replInputBytes += received;
        }

        return received;
    }

    /** Why the connection ended, for the log. */
    String failure()
    {
        final String failure = connection.failure();
        return failure.isEmpty() ? "connection lost" : failure;
    }

    /** Append a command; {@link #flush} sends it. Words are one byte a char. */
    void command(final String... words)
    {
        final StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (final String word : words)
        {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        output.put(ascii(text.toString()));
    }

    /** Append bytes as they are. */
    void raw(final String text)
    {
        output.put(ascii(text));
    }

    /**
     * Append {@code REPLCONF ACK offset [FACK synced]}, without garbage.
     *
     * @param synced offset that is on disk, -1 if that is not known.
     */
    void ack(final long offset, final long synced)
    {
        if (output.length() > UNSENT_MAX)
        {
            return;
        }

        output.put(synced < 0 ? ACK : ACK_OF_BOTH);
        bulk(offset);
        if (synced >= 0)
        {
            output.put(FACK);
            bulk(synced);
        }
    }

    private void bulk(final long number)
    {
        number(Decimal.length(number));
        output.put(CRLF);
        number(number);
        output.put(CRLF);
    }

    /** Append the newline that tells the primary that we are alive while we load. */
    void newline()
    {
        if (0 == output.length())
        {
            output.put(NEWLINE);
        }
    }

    /** Send what the socket takes, the rest when it takes more. A failure shows at the next {@link #receive}. */
    void flush()
    {
        if (output.length() > 0)
        {
            final int length = connection.write(output.content());
            if (Connection.CLOSED == length)
            {
                isBroken = true;
                output.truncate(0);
            }
            else
            {
                output.take(length);
            }
        }

        final boolean isUnsent = output.length() > 0;
        if (isUnsent != wantsWrite)
        {
            wantsWrite = isUnsent;
            connection.wantWrite(isUnsent);
        }
    }

    void close()
    {
        connection.close();
        input.clear();
        output.truncate(0);
    }

    private void number(final long value)
    {
        output.advance(Decimal.format(output.claim(Decimal.LENGTH_MAX), value));
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
