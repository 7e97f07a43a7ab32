package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.millrace.engine.datatype.ElementVisitor;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.DoubleText;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

/**
 * What DEBUG DIGEST and DEBUG DIGEST-VALUE answer: equal for equal data on any server, in whatever order keys lie.
 * Looks at deadlines only for whether there is one, so two nodes need not agree on the time. Writer thread; goes
 * through everything in one call, as the command does.
 */
public final class Digest implements ElementVisitor
{
    public static final int LENGTH = 20;

    /** The digest of nothing, as text. */
    public static final String EMPTY = "0".repeat(2 * LENGTH);

    private static final int CHUNK = 8192;
    private static final int INT_LENGTH = 4;
    private static final byte[] EXPIRE_MARK = "!!expire!!".getBytes(US_ASCII);
    private static final byte[] FIELD_EXPIRE_MARK = "!!hexpire!!".getBytes(US_ASCII);
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** How a score is written into a digest. */
    @FunctionalInterface
    interface ScoreForm
    {
        /** @return bytes written to the target, {@link DoubleText#LENGTH_MAX} at most. */
        int write(long target, double score);
    }

    private final ScoreForm scores;
    private final MessageDigest sha1 = newSha1();
    private final byte[] hash = new byte[LENGTH];
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] keyDigest = new byte[LENGTH];
    private final byte[] total = new byte[LENGTH];
    private final EntryVisitor addEntry = this::onEntry;
    private final byte[] element = new byte[LENGTH];
    private final byte[] part = new byte[LENGTH];
    private int partCount;
    private ValueRuns runs;

    /** Digest of the value whose elements are told of. */
    private byte[] value = keyDigest;
    private boolean isOrdered;

    /** As Redis 7.2: scores have the shortest digits. Older ones answer others for scores that take more digits. */
    public Digest()
    {
        this(DoubleText::formatShortest);
    }

    Digest(final ScoreForm scores)
    {
        this.scores = scores;
    }

    /** Digest of all databases, 40 hex characters. */
    public String ofDataSet(final DataSet data)
    {
        runs = new ValueRuns(data.memory());
        clear(total);
        for (final Keyspace keyspace : data.occupied())
        {
            mixInt(total, keyspace.index());
            long cursor = 0;
            do
            {
                cursor = keyspace.scan(cursor, addEntry);
            }
            while (0 != cursor);
        }

        return hex(total);
    }

    /** Digest of one value with its expiry mark, 40 hex characters; entry 0 (no such key) gives {@link #EMPTY}. */
    public String ofValue(final DataSet data, final long entry)
    {
        if (Entry.NO_ENTRY == entry)
        {
            return EMPTY;
        }

        runs = new ValueRuns(data.memory());
        clear(keyDigest);
        addValue(keyDigest, entry);
        return hex(keyDigest);
    }

    private void onEntry(final Keyspace keyspace, final long entry)
    {
        clear(keyDigest);
        update(Entry.keyAddress(entry), Entry.keyLength(entry));
        mix(keyDigest);
        addValue(keyDigest, entry);
        // Redis xors the hash of an entry's digest, not the digest itself.
        sha1.update(keyDigest, 0, LENGTH);
        finishHash();
        xor(total, hash);
    }

    private void addValue(final byte[] digest, final long entry)
    {
        final ValueType type = ValueType.of(entry);
        mixInt(digest, type.redisNumber());
        value = digest;
        isOrdered = type.isOrdered();
        clear(element);
        type.elements(entry, runs, this);
        if (Entry.isVolatile(entry))
        {
            sha1.update(EXPIRE_MARK);
            finishHash();
            xor(digest, hash);
        }
    }

    @Override
    public void onPart(final ValueRuns runsOfPart)
    {
        while (runsOfPart.next())
        {
            if (0 == runsOfPart.address())
            {
                updateZeros(runsOfPart.length());
            }
            else
            {
                update(runsOfPart.address(), runsOfPart.length());
            }
        }

        endPart();
    }

    @Override
    public void onScore(final double score)
    {
        final long text = runs.small();
        update(text, scores.write(text, score));
        endPart();
    }

    @Override
    public void onDeadline(final long deadlineMs)
    {
        // That there is one, not which: as of keys.
        sha1.update(FIELD_EXPIRE_MARK);
        finishHash();
        xor(element, hash);
    }

    private void endPart()
    {
        if (isOrdered)
        {
            mix(value);
            return;
        }

        finishHash();
        System.arraycopy(hash, 0, part, 0, LENGTH);
        mixHash(element);
        partCount++;
    }

    @Override
    public void onEnd()
    {
        if (!isOrdered)
        {
            endElement();
        }
    }

    /** An element of one part goes in by the part's hash, one of more by the hash of what they were mixed to. */
    private void endElement()
    {
        if (partCount > 1)
        {
            sha1.update(element, 0, LENGTH);
            finishHash();
            System.arraycopy(hash, 0, part, 0, LENGTH);
        }

        xor(value, part);
        clear(element);
        partCount = 0;
    }

    private void updateZeros(final long length)
    {
        Arrays.fill(chunk, (byte)0);
        for (long done = 0; done < length;)
        {
            final int step = (int)Math.min(CHUNK, length - done);
            sha1.update(chunk, 0, step);
            done += step;
        }
    }

    private void update(final long address, final long length)
    {
        for (long done = 0; done < length;)
        {
            final int step = (int)Math.min(CHUNK, length - done);
            Memory.copy(address + done, chunk, 0, step);
            sha1.update(chunk, 0, step);
            done += step;
        }
    }

    private void mixInt(final byte[] digest, final int value)
    {
        for (int i = 0; i < INT_LENGTH; i++)
        {
            chunk[i] = (byte)(value >>> 24 - 8 * i);
        }

        sha1.update(chunk, 0, INT_LENGTH);
        mix(digest);
    }

    /** Xor the hash of what was fed into the digest, then hash the digest: now the order matters. */
    private void mix(final byte[] digest)
    {
        finishHash();
        mixHash(digest);
    }

    private void mixHash(final byte[] digest)
    {
        xor(digest, hash);
        sha1.update(digest, 0, LENGTH);
        finishHash();
        System.arraycopy(hash, 0, digest, 0, LENGTH);
    }

    private void finishHash()
    {
        try
        {
            sha1.digest(hash, 0, LENGTH);
        }
        catch (final DigestException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static void xor(final byte[] target, final byte[] source)
    {
        for (int i = 0; i < LENGTH; i++)
        {
            target[i] ^= source[i];
        }
    }

    private static void clear(final byte[] digest)
    {
        Arrays.fill(digest, (byte)0);
    }

    private static String hex(final byte[] digest)
    {
        final char[] text = new char[2 * LENGTH];
        for (int i = 0; i < LENGTH; i++)
        {
            text[2 * i] = HEX[digest[i] >>> 4 & 0xF];
            text[2 * i + 1] = HEX[digest[i] & 0xF];
        }

        return new String(text);
    }

    private static MessageDigest newSha1()
    {
        try
        {
            return MessageDigest.getInstance("SHA-1");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
