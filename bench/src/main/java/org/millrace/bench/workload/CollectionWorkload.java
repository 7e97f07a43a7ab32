package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;

/**
 * Writes to hashes, lists, sets, sorted sets and streams, among them those that a primary must rewrite because their
 * outcome is chance or needs the time. Some keys of each type grow beyond what is kept in the small form, most do not;
 * none grows without bound.
 * <p>
 * Not thread-safe.
 */
public final class CollectionWorkload implements Workload
{
    private static final int DIGITS = 7;
    private static final int FIELD_DIGITS = 4;
    private static final int VALUE_LENGTH_MAX = 64;

    /** Fields and members of one key in eight, and of the others. */
    private static final int MANY = 2_000;
    private static final int FEW = 12;
    private static final int LONG_LIST = 600;

    private static final byte[] HASH = bytes("hash:");
    private static final byte[] LIST = bytes("list:");
    private static final byte[] SET = bytes("set:");
    private static final byte[] SORTED_SET = bytes("zset:");
    private static final byte[] STREAM = bytes("stream:");
    private static final byte[] FIELD = bytes("field:");
    private static final byte[] COUNT = bytes("count");
    private static final byte[] NEW_ID = bytes("*");
    private static final byte[] ABOUT = bytes("~");
    private static final byte[] MAXLEN = bytes("MAXLEN");

    private static final byte[] HSET = bytes("HSET");
    private static final byte[] HINCRBY = bytes("HINCRBY");
    private static final byte[] HDEL = bytes("HDEL");
    private static final byte[] RPUSH = bytes("RPUSH");
    private static final byte[] LPOP = bytes("LPOP");
    private static final byte[] LTRIM = bytes("LTRIM");
    private static final byte[] SADD = bytes("SADD");
    private static final byte[] SREM = bytes("SREM");
    private static final byte[] SPOP = bytes("SPOP");
    private static final byte[] ZADD = bytes("ZADD");
    private static final byte[] ZINCRBY = bytes("ZINCRBY");
    private static final byte[] ZPOPMIN = bytes("ZPOPMIN");
    private static final byte[] XADD = bytes("XADD");

    private final SplitMix random;
    private final Values values;
    private final int keyCount;

    /** Of the command in the making. */
    private int number;

    /**
     * @param keyCount keys of each type.
     * @param seed     of the choice of commands and keys.
     */
    public CollectionWorkload(final int keyCount, final long seed)
    {
        this.keyCount = keyCount;
        random = new SplitMix(seed);
        values = new Values(seed, VALUE_LENGTH_MAX);
    }

    /** {@inheritDoc} */
    @Override
    public void append(final CommandBuffer buffer)
    {
        number = random.nextInt(keyCount);
        switch (random.nextInt(5))
        {
            case 0 -> hash(buffer);
            case 1 -> list(buffer);
            case 2 -> set(buffer);
            case 3 -> sortedSet(buffer);
            default -> stream(buffer);
        }
    }

    private void hash(final CommandBuffer buffer)
    {
        switch (random.nextInt(8))
        {
            case 0 -> key(buffer.begin(4).argument(HINCRBY), HASH).argument(COUNT).argument(random.nextInt(100));
            case 1 -> member(key(buffer.begin(3).argument(HDEL), HASH));
            default -> value(member(key(buffer.begin(4).argument(HSET), HASH)));
        }
    }

    private void list(final CommandBuffer buffer)
    {
        switch (random.nextInt(8))
        {
            case 0, 1 -> key(buffer.begin(2).argument(LPOP), LIST);
            case 2 -> key(buffer.begin(4).argument(LTRIM), LIST).argument(-(isLarge() ? LONG_LIST : FEW)).argument(-1);
            default -> {
                key(buffer.begin(4).argument(RPUSH), LIST);
                value(buffer);
                value(buffer);
            }
        }
    }

    private void set(final CommandBuffer buffer)
    {
        switch (random.nextInt(8))
        {
            case 0 -> key(buffer.begin(2).argument(SPOP), SET);
            case 1 -> member(key(buffer.begin(3).argument(SREM), SET));
            case 2 -> key(buffer.begin(3).argument(SADD), SET).argument(random.nextInt(isLarge() ? MANY : FEW));
            default -> member(key(buffer.begin(3).argument(SADD), SET));
        }
    }

    private void sortedSet(final CommandBuffer buffer)
    {
        switch (random.nextInt(8))
        {
            case 0 -> key(buffer.begin(2).argument(ZPOPMIN), SORTED_SET);
            case 1, 2 -> member(key(buffer.begin(4).argument(ZINCRBY), SORTED_SET).argument(random.nextInt(100)));
            default -> member(key(buffer.begin(4).argument(ZADD), SORTED_SET).argument(random.nextInt(100_000)));
        }
    }

    private void stream(final CommandBuffer buffer)
    {
        key(buffer.begin(8).argument(XADD), STREAM).argument(MAXLEN).argument(ABOUT)
            .argument(isLarge() ? LONG_LIST : FEW).argument(NEW_ID);
        value(member(buffer));
    }

    private CommandBuffer key(final CommandBuffer buffer, final byte[] prefix)
    {
        return buffer.key(prefix, number, DIGITS);
    }

    private boolean isLarge()
    {
        return 0 == number % 8;
    }

    private CommandBuffer member(final CommandBuffer buffer)
    {
        return buffer.key(FIELD, random.nextInt(isLarge() ? MANY : FEW), FIELD_DIGITS);
    }

    private void value(final CommandBuffer buffer)
    {
        values.append(buffer, random.next(), 8 + random.nextInt(VALUE_LENGTH_MAX - 8));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
