package org.millrace.embed;

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
 * <p>Keys, elements and values are any Agrona buffers, on or off the heap; their whole capacity is the key, element or
 * value. They have been copied when the method returns. Numbers are handed over as such. A command longer than an eighth
 * of the ring takes a way that makes garbage.
 *
 * <p>A hash, set, sorted set, list or stream comes into being with its first element, and is gone with its last one.
 *
 * <p>All methods return true, or with {@link BackPressure#REFUSE} false if nothing was handed over for lack of room.
 * All throw IllegalStateException if the node is closed, and IllegalArgumentException for a database that does not
 * exist.
 */
public final class MillraceWriter
{
    private static final byte[] SET = {'S', 'E', 'T'};
    private static final byte[] DEL = {'D', 'E', 'L'};
    private static final byte[] PEXPIRE = {'P', 'E', 'X', 'P', 'I', 'R', 'E'};
    private static final byte[] INCRBY = {'I', 'N', 'C', 'R', 'B', 'Y'};
    private static final byte[] APPEND = {'A', 'P', 'P', 'E', 'N', 'D'};
    private static final byte[] HSET = {'H', 'S', 'E', 'T'};
    private static final byte[] HINCRBY = {'H', 'I', 'N', 'C', 'R', 'B', 'Y'};
    private static final byte[] HINCRBYFLOAT = {'H', 'I', 'N', 'C', 'R', 'B', 'Y', 'F', 'L', 'O', 'A', 'T'};
    private static final byte[] HDEL = {'H', 'D', 'E', 'L'};
    private static final byte[] SADD = {'S', 'A', 'D', 'D'};
    private static final byte[] SREM = {'S', 'R', 'E', 'M'};
    private static final byte[] ZADD = {'Z', 'A', 'D', 'D'};
    private static final byte[] ZINCRBY = {'Z', 'I', 'N', 'C', 'R', 'B', 'Y'};
    private static final byte[] ZREM = {'Z', 'R', 'E', 'M'};
    private static final byte[] LPUSH = {'L', 'P', 'U', 'S', 'H'};
    private static final byte[] RPUSH = {'R', 'P', 'U', 'S', 'H'};
    private static final byte[] LPOP = {'L', 'P', 'O', 'P'};
    private static final byte[] RPOP = {'R', 'P', 'O', 'P'};
    private static final byte[] LTRIM = {'L', 'T', 'R', 'I', 'M'};
    private static final byte[] XADD = {'X', 'A', 'D', 'D'};

    private final CommandInbox inbox;
    private final CommandForms forms;

    MillraceWriter(final CommandInbox inbox, final BackPressure backPressure, final int databases)
    {
        this.inbox = inbox;
        forms = new CommandForms(inbox, backPressure, databases);
    }

    // Keys of any type.

    /** DEL: the key is gone, if it was there. */
    public boolean delete(final int database, final DirectBuffer key)
    {
        return forms.text(database, DEL, key);
    }

    /** PEXPIRE: the key, if it is there, is gone after {@code afterMs}; at once if that is not positive. */
    public boolean expire(final int database, final DirectBuffer key, final long afterMs)
    {
        return forms.number(database, PEXPIRE, key, afterMs);
    }

    // Strings.

    /** SET: the key has this value from now on, and no deadline. */
    public boolean set(final int database, final DirectBuffer key, final DirectBuffer value)
    {
        return forms.text(database, SET, key, value);
    }

    /** SET with PX: as {@link #set(int, DirectBuffer, DirectBuffer)}, gone after {@code expireAfterMs}, at least 1. */
    public boolean set(
        final int database, final DirectBuffer key, final DirectBuffer value, final long expireAfterMs)
    {
        return forms.expiring(database, SET, key, value, expireAfterMs);
    }

    /** INCRBY: add to the decimal number that the key holds, 0 if it is not there. */
    public boolean increment(final int database, final DirectBuffer key, final long delta)
    {
        return forms.number(database, INCRBY, key, delta);
    }

    /** APPEND: the value goes behind what the key holds. */
    public boolean append(final int database, final DirectBuffer key, final DirectBuffer value)
    {
        return forms.text(database, APPEND, key, value);
    }

    // Hashes.

    /** HSET: the field has this value from now on. */
    public boolean hashPut(
        final int database, final DirectBuffer key, final DirectBuffer field, final DirectBuffer value)
    {
        return forms.text(database, HSET, key, field, value);
    }

    /** HSET: the field has this number, in decimal, from now on. */
    public boolean hashPut(final int database, final DirectBuffer key, final DirectBuffer field, final long value)
    {
        return forms.textAndNumber(database, HSET, key, field, value);
    }

    /**
     * HSET of several fields: all at one moment for whoever reads by a view or a command.
     *
     * @param fieldsAndValues in turn; at least one field.
     */
    public boolean hashPutAll(final int database, final DirectBuffer key, final DirectBuffer[] fieldsAndValues)
    {
        return forms.texts(database, HSET, key, fieldsAndValues);
    }

    /** HINCRBY: add to the decimal number that the field holds, 0 if it is not there. */
    public boolean hashIncrement(
        final int database, final DirectBuffer key, final DirectBuffer field, final long delta)
    {
        return forms.textAndNumber(database, HINCRBY, key, field, delta);
    }

    /** HINCRBYFLOAT: as {@link #hashIncrement(int, DirectBuffer, DirectBuffer, long)}, with a fraction. */
    public boolean hashIncrement(
        final int database, final DirectBuffer key, final DirectBuffer field, final double delta)
    {
        return forms.textAndNumber(database, HINCRBYFLOAT, key, field, delta);
    }

    /** HDEL: the field is gone, if it was there. */
    public boolean hashRemove(final int database, final DirectBuffer key, final DirectBuffer field)
    {
        return forms.text(database, HDEL, key, field);
    }

    // Sets.

    /** SADD: the set has this member from now on. */
    public boolean setAdd(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        return forms.text(database, SADD, key, member);
    }

    /** SREM: the member is gone, if it was there. */
    public boolean setRemove(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        return forms.text(database, SREM, key, member);
    }

    // Sorted sets.

    /** ZADD: the member has this score from now on, which may be infinite. */
    public boolean sortedSetAdd(
        final int database, final DirectBuffer key, final DirectBuffer member, final double score)
    {
        return forms.numberAndText(database, ZADD, key, score, member);
    }

    /** ZINCRBY: add to the score of the member, 0 if it is not there. */
    public boolean sortedSetIncrement(
        final int database, final DirectBuffer key, final DirectBuffer member, final double delta)
    {
        return forms.numberAndText(database, ZINCRBY, key, delta, member);
    }

    /** ZREM: the member is gone, if it was there. */
    public boolean sortedSetRemove(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        return forms.text(database, ZREM, key, member);
    }

    // Lists.

    /** LPUSH: the item comes before all others. */
    public boolean listPushFirst(final int database, final DirectBuffer key, final DirectBuffer item)
    {
        return forms.text(database, LPUSH, key, item);
    }

    /** RPUSH: the item comes behind all others. */
    public boolean listPushLast(final int database, final DirectBuffer key, final DirectBuffer item)
    {
        return forms.text(database, RPUSH, key, item);
    }

    /** LPOP: the first item is gone, if there is one. */
    public boolean listPopFirst(final int database, final DirectBuffer key)
    {
        return forms.text(database, LPOP, key);
    }

    /** RPOP: the last item is gone, if there is one. */
    public boolean listPopLast(final int database, final DirectBuffer key)
    {
        return forms.text(database, RPOP, key);
    }

    /** LTRIM: all but the items from one index to another, both included; -1 is the last one's. */
    public boolean listTrim(final int database, final DirectBuffer key, final long from, final long to)
    {
        return forms.numbers(database, LTRIM, key, from, to);
    }

    // Streams.

    /**
     * XADD with *: an entry behind all others, of the next id.
     *
     * @param fieldsAndValues in turn; at least one field.
     */
    public boolean streamAdd(final int database, final DirectBuffer key, final DirectBuffer[] fieldsAndValues)
    {
        return forms.entry(database, XADD, key, fieldsAndValues);
    }

    /** XADD with MAXLEN ~: as the other, and about so many of the newest entries stay, or some more. */
    public boolean streamAdd(
        final int database, final DirectBuffer key, final long maxLength, final DirectBuffer[] fieldsAndValues)
    {
        return forms.entry(database, XADD, key, maxLength, fieldsAndValues);
    }

    // All else.

    /** Any command that {@link MillraceNode#command} takes; its reply is dropped unless it is an error. */
    public boolean command(final int database, final byte[]... words)
    {
        if (0 == words.length)
        {
            throw new IllegalArgumentException("a command has at least a name");
        }

        return forms.words(database, words);
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
}
