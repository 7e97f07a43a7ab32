package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;

/**
 * The demo's load: string commands of every kind that the stream has to carry, among them those that a primary must
 * rewrite (relative expiries, floating point increments) and transactions, and writes to values of all other types. Keys
 * of different use have different prefixes, so that no command meets a value of the wrong form.
 * <p>
 * Not thread-safe. A MULTI ... EXEC group is spread over several calls, one command each.
 */
public final class MixedWorkload implements Workload
{
    private static final int VALUE_LENGTH_MAX = 512;
    private static final int EXPIRY_MIN_MS = 300;
    private static final int EXPIRY_SPAN_MS = 6_000;
    private static final int DIGITS = 7;

    /** Keys of strings for each collection of a type. */
    private static final int COLLECTION_SHARE = 10;

    private static final byte[] TEXT = bytes("text:");
    private static final byte[] SHORT_LIVED = bytes("temp:");
    private static final byte[] COUNTER = bytes("count:");
    private static final byte[] FLOAT = bytes("float:");
    private static final byte[] LOG = bytes("log:");
    private static final byte[] BITS = bytes("bits:");

    private static final byte[] SET = bytes("SET");
    private static final byte[] PX = bytes("PX");
    private static final byte[] INCRBY = bytes("INCRBY");
    private static final byte[] INCRBYFLOAT = bytes("INCRBYFLOAT");
    private static final byte[] APPEND = bytes("APPEND");
    private static final byte[] SETRANGE = bytes("SETRANGE");
    private static final byte[] SETBIT = bytes("SETBIT");
    private static final byte[] DEL = bytes("DEL");
    private static final byte[] PEXPIRE = bytes("PEXPIRE");
    private static final byte[] MSET = bytes("MSET");
    private static final byte[] GETSET = bytes("GETSET");
    private static final byte[] PERSIST = bytes("PERSIST");
    private static final byte[] MULTI = bytes("MULTI");
    private static final byte[] EXEC = bytes("EXEC");

    private final SplitMix random;
    private final Values values;
    private final CollectionWorkload collections;
    private final int keyCount;
    private int transactionStep;

    /**
     * @param keyCount keys of each prefix.
     * @param seed     of the choice of commands and keys.
     */
    public MixedWorkload(final int keyCount, final long seed)
    {
        this.keyCount = keyCount;
        random = new SplitMix(seed);
        values = new Values(seed, VALUE_LENGTH_MAX);
        collections = new CollectionWorkload(Math.max(1, keyCount / COLLECTION_SHARE), seed + 1);
    }

    /** {@inheritDoc} */
    @Override
    public void append(final CommandBuffer buffer)
    {
        if (transactionStep > 0)
        {
            appendInTransaction(buffer);
            return;
        }

        final int choice = random.nextInt(100);
        if (choice < 20)
        {
            collections.append(buffer);
        }
        else if (choice < 40)
        {
            key(buffer.begin(3).argument(SET), TEXT, keyCount);
            value(buffer);
        }
        else if (choice < 55)
        {
            key(buffer.begin(5).argument(SET), SHORT_LIVED, keyCount);
            value(buffer);
            buffer.argument(PX).argument(EXPIRY_MIN_MS + random.nextInt(EXPIRY_SPAN_MS));
        }
        else if (choice < 65)
        {
            key(buffer.begin(3).argument(INCRBY), COUNTER, keyCount);
            buffer.argument(random.nextInt(1000) - 300);
        }
        else if (choice < 96)
        {
            appendRarer(buffer, choice);
        }
        else
        {
            transactionStep = 1;
            buffer.begin(1).argument(MULTI);
        }
    }

    /**
     * True between MULTI and EXEC: here a load must not stop or mix in commands of its own.
     */
    public boolean isInTransaction()
    {
        return transactionStep > 0;
    }

    private void appendRarer(final CommandBuffer buffer, final int choice)
    {
        switch ((choice - 65) / 3)
        {
            case 0 -> key(buffer.begin(3).argument(INCRBYFLOAT), FLOAT, keyCount).argument(bytes("0.25"));
            case 1 -> {
                // A short log is begun anew now and then, so that the values stay bounded.
                final boolean isFresh = 0 == random.nextInt(16);
                key(buffer.begin(3).argument(isFresh ? SET : APPEND), LOG, keyCount);
                value(buffer);
            }
            case 2 -> key(buffer.begin(4).argument(SETRANGE), LOG, keyCount).argument(random.nextInt(2_000))
                .argument(bytes("patched"));
            case 3 -> key(buffer.begin(4).argument(SETBIT), BITS, keyCount).argument(random.nextInt(4_096))
                .argument(random.nextInt(2));
            case 4 -> key(buffer.begin(2).argument(DEL), TEXT, keyCount);
            case 5 -> key(buffer.begin(3).argument(PEXPIRE), TEXT, keyCount).argument(expiryMs());
            case 6 -> key(buffer.begin(2).argument(PERSIST), SHORT_LIVED, keyCount);
            case 7 -> {
                key(buffer.begin(3).argument(GETSET), TEXT, keyCount);
                value(buffer);
            }
            default -> {
                key(buffer.begin(5).argument(MSET), TEXT, keyCount);
                value(buffer);
                key(buffer, COUNTER, keyCount);
                buffer.argument(random.nextInt(1_000_000));
            }
        }
    }

    private void appendInTransaction(final CommandBuffer buffer)
    {
        switch (transactionStep++)
        {
            case 1 -> key(buffer.begin(3).argument(INCRBY), COUNTER, keyCount).argument(1);
            case 2 -> {
                key(buffer.begin(3).argument(SET), TEXT, keyCount);
                value(buffer);
            }
            default -> {
                buffer.begin(1).argument(EXEC);
                transactionStep = 0;
            }
        }
    }

    private CommandBuffer key(final CommandBuffer buffer, final byte[] prefix, final int count)
    {
        return buffer.key(prefix, random.nextInt(count), DIGITS);
    }

    private void value(final CommandBuffer buffer)
    {
        values.append(buffer, random.next(), 16 + random.nextInt(VALUE_LENGTH_MAX - 16));
    }

    private int expiryMs()
    {
        return EXPIRY_MIN_MS + random.nextInt(EXPIRY_SPAN_MS);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
