package org.millrace.embed;

import java.nio.charset.StandardCharsets;
import org.agrona.AsciiEncoding;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * Writes that nobody waits for: the caller's thread copies the command into a ring buffer of the node and goes on, the
 * node's writer thread runs it soon. No garbage, no lock, from any number of threads with one object. What one thread
 * hands over, here or with {@link MillraceNode#command}, is run in that order.
 *
 * <p>A write that the node refuses (-READONLY, -OOM, -WRONGTYPE ...) is counted by {@link MillraceNode#writesFailed} and
 * told to {@link MillraceListener#onWriteFailed}. {@link #flush} waits until all that this thread has handed over has
 * been run. What is still in the ring when the process dies is lost; {@link MillraceNode#close} runs it first.
 *
 * <p>Keys and values are any Agrona buffers, on or off the heap; their whole capacity is the key or value. They have been
 * copied when the method returns. A command longer than an eighth of the ring takes a way that makes garbage.
 *
 * <p>All methods return true, or with {@link BackPressure#REFUSE} false if nothing was handed over for lack of room.
 * All throw IllegalStateException if the node is closed, and IllegalArgumentException for a database that does not
 * exist.
 */
public final class MillraceWriter
{
    private static final byte[] SET = {'S', 'E', 'T'};
    private static final byte[] PX = {'P', 'X'};
    private static final byte[] DEL = {'D', 'E', 'L'};
    private static final byte[] PEXPIRE = {'P', 'E', 'X', 'P', 'I', 'R', 'E'};
    private static final byte[] INCRBY = {'I', 'N', 'C', 'R', 'B', 'Y'};
    private static final byte[] APPEND = {'A', 'P', 'P', 'E', 'N', 'D'};

    /** The ring is full and the caller does not want to wait. */
    private static final int NO_ROOM = -1;

    /** Too long for the ring, or from the writer's own thread, which must not wait for itself. */
    private static final int AS_OBJECT = -2;

    private final CommandInbox inbox;
    private final BackPressure backPressure;
    private final int databases;

    MillraceWriter(final CommandInbox inbox, final BackPressure backPressure, final int databases)
    {
        this.inbox = inbox;
        this.backPressure = backPressure;
        this.databases = databases;
    }

    /** SET: the key has this value from now on, and no deadline. */
    public boolean set(final int database, final DirectBuffer key, final DirectBuffer value)
    {
        final int claimed = begin(database, 3, SET.length + (long)key.capacity() + value.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, SET, bytes(key), bytes(value));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3), SET);
        at = word(claimed, 1, at, key);
        word(claimed, 2, at, value);
        return end(claimed);
    }

    /** SET with PX: as {@link #set(int, DirectBuffer, DirectBuffer)}, gone after {@code expireAfterMs}, at least 1. */
    public boolean set(
        final int database, final DirectBuffer key, final DirectBuffer value, final long expireAfterMs)
    {
        final int digits = digits(expireAfterMs);
        final int claimed = begin(
            database, 5, SET.length + (long)key.capacity() + value.capacity() + PX.length + digits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, SET, bytes(key), bytes(value), PX, bytes(expireAfterMs));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 5), SET);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, value);
        at = word(claimed, 3, at, PX);
        word(claimed, 4, at, expireAfterMs, digits);
        return end(claimed);
    }

    /** DEL: the key is gone, if it was there. */
    public boolean delete(final int database, final DirectBuffer key)
    {
        final int claimed = begin(database, 2, DEL.length + (long)key.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, DEL, bytes(key));
        }

        word(claimed, 1, word(claimed, 0, bodyOffset(claimed, 2), DEL), key);
        return end(claimed);
    }

    /** PEXPIRE: the key, if it is there, is gone after {@code afterMs}; at once if that is not positive. */
    public boolean expire(final int database, final DirectBuffer key, final long afterMs)
    {
        return withNumber(database, PEXPIRE, key, afterMs);
    }

    /** INCRBY: add to the decimal number that the key holds, 0 if it is not there. */
    public boolean increment(final int database, final DirectBuffer key, final long delta)
    {
        return withNumber(database, INCRBY, key, delta);
    }

    /** APPEND: the value goes behind what the key holds. */
    public boolean append(final int database, final DirectBuffer key, final DirectBuffer value)
    {
        final int claimed = begin(database, 3, APPEND.length + (long)key.capacity() + value.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, APPEND, bytes(key), bytes(value));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3), APPEND);
        at = word(claimed, 1, at, key);
        word(claimed, 2, at, value);
        return end(claimed);
    }

    /** Any command that {@link MillraceNode#command} takes; its reply is dropped unless it is an error. */
    public boolean command(final int database, final byte[]... words)
    {
        if (0 == words.length)
        {
            throw new IllegalArgumentException("a command has at least a name");
        }

        long length = 0;
        for (final byte[] word : words)
        {
            length += word.length;
        }

        final int claimed = begin(database, words.length, length);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, copy(words));
        }

        int at = bodyOffset(claimed, words.length);
        for (int i = 0; i < words.length; i++)
        {
            at = word(claimed, i, at, words[i]);
        }

        return end(claimed);
    }

    /**
     * Wait until the writer thread has run all that this thread has handed over.
     *
     * @throws IllegalStateException the node is closed, or this is the writer thread itself.
     */
    public void flush()
    {
        inbox.awaitEmpty();
    }

    private boolean withNumber(final int database, final byte[] name, final DirectBuffer key, final long number)
    {
        final int digits = digits(number);
        final int claimed = begin(database, 3, name.length + (long)key.capacity() + digits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && otherwise(database, name, bytes(key), bytes(number));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3), name);
        at = word(claimed, 1, at, key);
        word(claimed, 2, at, number, digits);
        return end(claimed);
    }

    /** Claim a message for that many words. */
    private int begin(final int database, final int count, final long bytes)
    {
        if (database < 0 || database >= databases)
        {
            throw new IllegalArgumentException("DB index is out of range: " + database + " of " + databases);
        }

        final long length = CommandInbox.LENGTHS_OFFSET + (long)count * BitUtil.SIZE_OF_INT + bytes;
        if (length > inbox.lengthMax() || inbox.isWriterThread())
        {
            return AS_OBJECT;
        }

        final int index = BackPressure.WAIT == backPressure ? inbox.claim((int)length) : inbox.tryClaim((int)length);
        if (index < 0)
        {
            return NO_ROOM;
        }

        inbox.buffer().putInt(index + CommandInbox.DATABASE_OFFSET, database);
        inbox.buffer().putInt(index + CommandInbox.COUNT_OFFSET, count);
        return index;
    }

    private boolean end(final int claimed)
    {
        inbox.commit(claimed);
        return true;
    }

    private boolean otherwise(final int database, final byte[]... words)
    {
        inbox.add(database, words, null);
        return true;
    }

    private static int bodyOffset(final int claimed, final int count)
    {
        return claimed + CommandInbox.LENGTHS_OFFSET + count * BitUtil.SIZE_OF_INT;
    }

    private int word(final int claimed, final int number, final int at, final byte[] word)
    {
        length(claimed, number, word.length);
        inbox.buffer().putBytes(at, word);
        return at + word.length;
    }

    private int word(final int claimed, final int number, final int at, final DirectBuffer word)
    {
        length(claimed, number, word.capacity());
        inbox.buffer().putBytes(at, word, 0, word.capacity());
        return at + word.capacity();
    }

    private void word(final int claimed, final int number, final int at, final long word, final int digits)
    {
        length(claimed, number, digits);
        inbox.buffer().putLongAscii(at, word);
    }

    private void length(final int claimed, final int number, final int length)
    {
        inbox.buffer().putInt(claimed + CommandInbox.LENGTHS_OFFSET + number * BitUtil.SIZE_OF_INT, length);
    }

    private static int digits(final long number)
    {
        if (Long.MIN_VALUE == number)
        {
            return AsciiEncoding.LONG_MAX_DIGITS + 1;
        }

        return number < 0 ? 1 + AsciiEncoding.digitCount(-number) : AsciiEncoding.digitCount(number);
    }

    private static byte[][] copy(final byte[][] words)
    {
        final byte[][] copies = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            copies[i] = words[i].clone();
        }

        return copies;
    }

    private static byte[] bytes(final DirectBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] bytes(final long number)
    {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
