package org.millrace.io.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * One connection's records over a channel that does not block: the handshake, then bytes in both directions.
 * <p>
 * Input: a read opens as many records as the target takes. What is left over, a part of a record or records for which
 * there was no room, is kept here, where no selector sees it: {@link #hasReady} says that there is something to read
 * although the socket may be silent.
 * <p>
 * Output: bytes count as taken once the records that they are in are in the socket whole. Until then their records are
 * kept, and the caller, as after any write that was not taken, comes again with the same bytes first.
 * <p>
 * Confined to one thread at a time; once the handshake is over one may read while another writes.
 */
public final class TlsStream
{
    /** What a handshake waits for. */
    public enum Step
    {
        /** Bytes of the peer. */
        READ,
        /** Room in the socket. */
        WRITE,
        /** Nothing: it is over. */
        DONE
    }

    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_AT = 3;

    private static final byte[] NONE = {};

    private final SSLEngine engine;
    private final boolean isForgetful;
    private boolean hasBegun;

    /** The peer speaks TLS, as far as is known. */
    private boolean hasOpened;

    /** Input that is still sealed: whole records only if there was no room for what they hold. */
    private byte[] sealed = NONE;
    private int sealedLength;

    /** Input that has been opened and not been read. */
    private byte[] opened = NONE;
    private int openedAt;

    /** Records that the socket has not taken, and how many bytes of the caller's they hold. */
    private ByteBuffer unsent;
    private int unsentBytes;

    /** The peer has said that no more comes, or has gone. */
    private boolean isEnded;
    private boolean isEndTold;

    /** @param isForgetful once the handshake is over the session is to be forgotten. */
    TlsStream(final SSLEngine engine, final boolean isForgetful)
    {
        this.engine = engine;
        this.isForgetful = isForgetful;
    }

    // Handshake.

    /**
     * Go on with the handshake as far as the channel lets it; may take milliseconds.
     *
     * @return what it waits for.
     * @throws IOException it has failed; the peer has been told if it could be.
     */
    public <C extends ReadableByteChannel & WritableByteChannel> Step shakeHands(final C channel) throws IOException
    {
        try
        {
            return shake(channel);
        }
        catch (final SSLException e)
        {
            if (hasOpened)
            {
                // Else the peer speaks something else, and would not understand.
                sayLastWords(channel);
            }

            throw e;
        }
        catch (final RuntimeException e)
        {
            // Whatever the peer has sent: it has shown the engine something that nobody had thought of.
            throw new SSLException(e.toString(), e);
        }
    }

    private <C extends ReadableByteChannel & WritableByteChannel> Step shake(final C channel) throws IOException
    {
        if (!hasBegun)
        {
            hasBegun = true;
            engine.beginHandshake();
        }

        while (true)
        {
            if (!flush(channel))
            {
                return Step.WRITE;
            }

            switch (engine.getHandshakeStatus())
            {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> sealOwn();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!openHandshake(channel))
                    {
                        return Step.READ;
                    }
                }
                default -> {
                    if (isForgetful)
                    {
                        engine.getSession().invalidate();
                    }

                    return Step.DONE;
                }
            }
        }
    }

    private void runTasks()
    {
        Runnable task = engine.getDelegatedTask();
        while (null != task)
        {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    /** All records of the engine's own, as one piece into what is to be sent. */
    private void sealOwn() throws SSLException
    {
        final ByteBuffer output = TlsScratch.own().output.clear();
        final ByteBuffer nothing = ByteBuffer.allocate(0);
        while (HandshakeStatus.NEED_WRAP == engine.getHandshakeStatus() &&
            output.remaining() >= TlsScratch.RECORD_MAX)
        {
            if (0 == engine.wrap(nothing, output).bytesProduced())
            {
                // It may have gone on without saying anything.
                break;
            }
        }

        keepUnsent(output.flip(), 0);
        if (null == unsent && HandshakeStatus.NEED_WRAP == engine.getHandshakeStatus())
        {
            throw new SSLException("closed during the handshake");
        }
    }

    /** One record of the peer's. @return false if it has not come yet. */
    private boolean openHandshake(final ReadableByteChannel channel) throws IOException
    {
        final ByteBuffer input = TlsScratch.own().input;
        loadSealed(input);
        if (!isWhole(input.duplicate().flip()))
        {
            final int count = channel.read(input);
            if (count < 0)
            {
                throw new EOFException("closed by the peer during the handshake");
            }
        }

        input.flip();
        final SSLEngineResult result = engine.unwrap(input, TlsScratch.own().opened.clear());
        keepSealed(input);
        if (Status.CLOSED == result.getStatus())
        {
            throw new SSLException("closed by the peer during the handshake");
        }

        if (result.bytesProduced() > 0)
        {
            throw new SSLException("data before the end of the handshake");
        }

        final boolean isOpened = Status.BUFFER_UNDERFLOW != result.getStatus();
        hasOpened |= isOpened;
        return isOpened;
    }

    /** Alerts that the engine has in store, without waiting. */
    private void sayLastWords(final WritableByteChannel channel)
    {
        try
        {
            if (flush(channel) && HandshakeStatus.NEED_WRAP == engine.getHandshakeStatus())
            {
                sealOwn();
                flush(channel);
            }
        }
        catch (final IOException | RuntimeException ignore)
        {
            // They would have been heard by somebody who is in the wrong anyway.
            unsent = null;
        }
    }

    // Input.

    /**
     * As a channel's read, of what the peer's records hold.
     *
     * @return bytes put into {@code target}, 0 if there are none now, -1 at the end.
     */
    public int read(final ReadableByteChannel channel, final ByteBuffer target) throws IOException
    {
        final int start = target.position();
        giveOpened(target);
        if (target.hasRemaining() && !isEnded)
        {
            try
            {
                receive(channel, target);
            }
            catch (final RuntimeException e)
            {
                throw new SSLException(e.toString(), e);
            }
        }

        final int count = target.position() - start;
        if (count > 0 || !isEnded)
        {
            return count;
        }

        isEndTold = true;
        return -1;
    }

    /** Whether a read would give something, be it the end, even if no more came by the socket. */
    public boolean hasReady()
    {
        return openedAt < opened.length || isWhole(sealed, 0, sealedLength) || isEnded && !isEndTold;
    }

    private void receive(final ReadableByteChannel channel, final ByteBuffer target) throws IOException
    {
        final ByteBuffer input = TlsScratch.own().input;
        loadSealed(input);
        if (!isWhole(sealed, 0, sealedLength))
        {
            // As much as there is room for: what is left over has to be copied.
            input.limit(Math.min(input.capacity(), sealedLength + Math.max(TlsScratch.RECORD_MAX, target.remaining())));
            final int count = channel.read(input);
            if (count <= 0)
            {
                isEnded = count < 0;
                return;
            }
        }

        open(input.flip(), target);
        keepSealed(input);
    }

    private void open(final ByteBuffer input, final ByteBuffer target) throws SSLException
    {
        // Asked here, since for a part of a record the engine may miss room that it would not need yet.
        while (!isEnded && target.hasRemaining() && isWhole(input))
        {
            final SSLEngineResult result = engine.unwrap(input, target);
            if (Status.BUFFER_OVERFLOW == result.getStatus())
            {
                openAside(input);
                giveOpened(target);
            }
            else
            {
                take(result);
            }
        }
    }

    /** A record that is longer than what room is left. */
    private void openAside(final ByteBuffer input) throws SSLException
    {
        final ByteBuffer aside = TlsScratch.own().opened.clear();
        take(engine.unwrap(input, aside));
        opened = Arrays.copyOf(aside.array(), aside.position());
        openedAt = 0;
    }

    private void take(final SSLEngineResult result) throws SSLException
    {
        refuseNewHandshake(result.getHandshakeStatus());
        isEnded |= Status.CLOSED == result.getStatus();
        if (!isEnded && 0 == result.bytesConsumed())
        {
            throw new SSLException("no record could be opened: " + result);
        }
    }

    /** TLS 1.2 lets peers begin again in the midst of a connection, which has only ever been good for attacks. */
    private static void refuseNewHandshake(final HandshakeStatus status) throws SSLException
    {
        if (HandshakeStatus.NEED_TASK == status)
        {
            throw new SSLException("renegotiation is refused");
        }
    }

    private void giveOpened(final ByteBuffer target)
    {
        if (openedAt < opened.length)
        {
            final int count = Math.min(target.remaining(), opened.length - openedAt);
            target.put(opened, openedAt, count);
            openedAt += count;
            if (openedAt == opened.length)
            {
                opened = NONE;
                openedAt = 0;
            }
        }
    }

    private void loadSealed(final ByteBuffer input)
    {
        input.clear().put(sealed, 0, sealedLength);
    }

    /** What is left of the input. A buffer is held only while there is something in it. */
    private void keepSealed(final ByteBuffer input)
    {
        sealedLength = input.remaining();
        if (0 == sealedLength)
        {
            sealed = NONE;
            return;
        }

        if (sealed.length < sealedLength)
        {
            sealed = new byte[sealedLength];
        }

        input.get(sealed, 0, sealedLength);
    }

    /** Whether input begins with all of a record. */
    private static boolean isWhole(final ByteBuffer input)
    {
        return isWhole(input.array(), input.position(), input.remaining());
    }

    private static boolean isWhole(final byte[] bytes, final int start, final int length)
    {
        return length >= HEADER_BYTES && length >= HEADER_BYTES +
            ((bytes[start + LENGTH_AT] & 0xFF) << 8 | bytes[start + LENGTH_AT + 1] & 0xFF);
    }

    // Output.

    /**
     * As a channel's write. What is not taken has to be the first of the next call.
     *
     * @return bytes taken from {@code source}, 0 if none were.
     */
    public int write(final WritableByteChannel channel, final ByteBuffer source) throws IOException
    {
        if (!flush(channel))
        {
            return 0;
        }

        final int start = source.position();
        // The caller may have cut what it has into other pieces meanwhile.
        final int sent = Math.min(unsentBytes, source.remaining());
        source.position(start + sent);
        unsentBytes -= sent;
        while (source.hasRemaining())
        {
            final int before = source.position();
            final ByteBuffer output = sealAll(source);
            channel.write(output);
            if (output.hasRemaining())
            {
                keepUnsent(output, source.position() - before);
                source.position(before);
                break;
            }
        }

        return source.position() - start;
    }

    /** Records of as much as the buffer takes, each as long as may be. */
    private ByteBuffer sealAll(final ByteBuffer source) throws SSLException
    {
        final ByteBuffer output = TlsScratch.own().output.clear();
        while (source.hasRemaining() && output.remaining() >= TlsScratch.RECORD_MAX)
        {
            final SSLEngineResult result = engine.wrap(source, output);
            if (Status.OK != result.getStatus() || 0 == result.bytesProduced())
            {
                throw new SSLException("no record could be made: " + result);
            }
        }

        return output.flip();
    }

    /** False if records wait. */
    private boolean flush(final WritableByteChannel channel) throws IOException
    {
        if (null != unsent)
        {
            channel.write(unsent);
            if (unsent.hasRemaining())
            {
                return false;
            }

            unsent = null;
        }

        return true;
    }

    private void keepUnsent(final ByteBuffer records, final int bytes)
    {
        unsent = records.hasRemaining() ? ByteBuffer.allocate(records.remaining()).put(records).flip() : null;
        unsentBytes = bytes;
    }

    /** Say that no more comes, if there is room to say it; the channel is to be closed then. */
    public void close(final WritableByteChannel channel)
    {
        try
        {
            if (flush(channel))
            {
                engine.closeOutbound();
                sayLastWords(channel);
            }
        }
        catch (final IOException | RuntimeException ignore)
        {
            // Who does not hear it sees the channel closed.
            unsent = null;
        }
    }
}
