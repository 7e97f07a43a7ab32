package org.millrace.bench.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.RespError;
import org.millrace.bench.workload.CommandBuffer;

/**
 * Compares the data of two servers key by key: type, expiry, value. Reads only commands that every server has, so it
 * works between Redis, Valkey and Millrace alike, and needs no equal encodings.
 * <p>
 * A key found different is read again a few times before it counts, since a key may expire between the two reads, and
 * the deletion of an expired key reaches a replica later.
 * <p>
 * Runs on the caller's thread; owns neither connection, but leaves each with another database selected.
 */
public final class DatasetComparison
{
    private static final int SCAN_COUNT = 1_000;
    private static final int GROUP_BYTES_MAX = 8 * 1024 * 1024;
    private static final int WHOLE_VALUE_MAX = 64 * 1024;
    private static final int RECHECK_COUNT = 6;
    private static final long RECHECK_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final byte[] TYPE = ascii("TYPE");
    private static final byte[] PEXPIRETIME = ascii("PEXPIRETIME");
    private static final byte[] STRLEN = ascii("STRLEN");
    private static final byte[] GET = ascii("GET");
    private static final byte[] EXISTS = ascii("EXISTS");

    /** Is told how far the comparison is. */
    @FunctionalInterface
    public interface Progress
    {
        /**
         * Called after each batch of keys.
         *
         * @param database       being compared.
         * @param comparedCount  keys compared so far, in all databases.
         * @param expectedCount  keys to compare in all, roughly.
         * @param differentCount differences so far.
         */
        void update(int database, long comparedCount, long expectedCount, long differentCount);
    }

    /**
     * One key that differs.
     *
     * @param database number of the database.
     * @param key      printable form of the key.
     * @param what     what differs: left value, slash, right value.
     */
    public record Difference(int database, String key, String what)
    {
    }

    /**
     * Outcome of a comparison.
     *
     * @param comparedCount  keys compared.
     * @param differentCount keys that differ, however many are listed.
     * @param listed         the first of them.
     * @param skippedCount   keys of types whose values could not be read (only type and expiry were compared).
     */
    public record Result(long comparedCount, long differentCount, List<Difference> listed, long skippedCount)
    {
        /** True if no key differs and every value could be read. */
        public boolean isEqual()
        {
            return 0 == differentCount && 0 == skippedCount;
        }
    }

    private final CommandBuffer commands = new CommandBuffer();
    private final List<Difference> listed = new ArrayList<>();
    private final RespClient left;
    private final RespClient right;
    private final KeyComparison keyComparison;
    private final int listedMax;
    private final Progress progress;
    private long comparedCount;
    private long expectedCount;
    private long differentCount;
    private int database;

    /**
     * @param listedMax how many differences are kept with their text.
     */
    public DatasetComparison(
        final RespClient left,
        final RespClient right,
        final int listedMax,
        final Progress progress)
    {
        this.left = left;
        this.right = right;
        this.listedMax = listedMax;
        this.progress = progress;
        keyComparison = new KeyComparison(left, right);
    }

    /**
     * Compares all databases that hold keys on either side.
     *
     * @throws IOException if a server cannot be read, or refuses a command this needs.
     */
    public Result run() throws IOException
    {
        for (final int each : databases())
        {
            compareDatabase(each);
        }

        return result();
    }

    /**
     * Compares one database only.
     *
     * @throws IOException as {@link #run()}.
     */
    public Result run(final int onlyDatabase) throws IOException
    {
        compareDatabase(onlyDatabase);
        return result();
    }

    private Result result()
    {
        return new Result(comparedCount, differentCount, List.copyOf(listed), keyComparison.skippedCount());
    }

    private void compareDatabase(final int number) throws IOException
    {
        database = number;
        left.callOk("SELECT", Integer.toString(number));
        right.callOk("SELECT", Integer.toString(number));
        expectedCount += Math.max(left.callLong("DBSIZE"), right.callLong("DBSIZE"));
        compareLeftKeys();
        findKeysOnRightOnly();
    }

    private TreeSet<Integer> databases() throws IOException
    {
        final TreeSet<Integer> numbers = new TreeSet<>();
        for (final RespClient client : List.of(left, right))
        {
            for (final Map.Entry<String, String> field : client.info("keyspace").fields().entrySet())
            {
                if (field.getKey().startsWith("db"))
                {
                    numbers.add(Integer.parseInt(field.getKey().substring(2)));
                }
            }
        }

        return numbers;
    }

    private void compareLeftKeys() throws IOException
    {
        String cursor = "0";
        do
        {
            final List<?> reply = scan(left, cursor);
            cursor = new String((byte[])reply.get(0), StandardCharsets.US_ASCII);
            compareBatch((List<?>)reply.get(1));
            progress.update(database, comparedCount, expectedCount, differentCount);
        }
        while (!"0".equals(cursor));
    }

    private void findKeysOnRightOnly() throws IOException
    {
        String cursor = "0";
        do
        {
            final List<?> reply = scan(right, cursor);
            cursor = new String((byte[])reply.get(0), StandardCharsets.US_ASCII);
            final List<?> keys = (List<?>)reply.get(1);
            commands.clear();
            for (final Object key : keys)
            {
                commands.begin(2).argument(EXISTS).argument((byte[])key);
            }

            left.send(commands);
            final List<byte[]> missing = new ArrayList<>();
            for (final Object key : keys)
            {
                if (Long.valueOf(0).equals(left.readReply()))
                {
                    missing.add((byte[])key);
                }
            }

            recheck(missing);
            comparedCount += missing.size();
        }
        while (!"0".equals(cursor));
    }

    private static List<?> scan(final RespClient client, final String cursor) throws IOException
    {
        return (List<?>)client.callOk("SCAN", cursor, "COUNT", Integer.toString(SCAN_COUNT));
    }

    private void compareBatch(final List<?> keys) throws IOException
    {
        commands.clear();
        for (final Object key : keys)
        {
            commands.begin(2).argument(TYPE).argument((byte[])key);
            commands.begin(2).argument(PEXPIRETIME).argument((byte[])key);
            commands.begin(2).argument(STRLEN).argument((byte[])key);
        }

        left.send(commands);
        right.send(commands);
        final List<byte[]> suspects = new ArrayList<>();
        final List<byte[]> group = new ArrayList<>();
        final List<byte[]> alone = new ArrayList<>();
        long groupBytes = 0;
        for (final Object key : keys)
        {
            final Object[] leftHead = readHead(left);
            final Object[] rightHead = readHead(right);
            final boolean isSmallString = "string".equals(leftHead[0]) && leftHead[2] instanceof Long &&
                (Long)leftHead[2] <= WHOLE_VALUE_MAX;
            // Without PEXPIRETIME (an error reply) the key is compared by itself, by PTTL with a tolerance.
            if (!isSmallString || leftHead[1] instanceof RespError || rightHead[1] instanceof RespError)
            {
                alone.add((byte[])key);
            }
            else if (Arrays.equals(leftHead, rightHead))
            {
                group.add((byte[])key);
                groupBytes += (Long)leftHead[2];
            }
            else
            {
                suspects.add((byte[])key);
            }
        }

        compareSmallStrings(group, groupBytes, suspects);
        for (final byte[] key : alone)
        {
            if (null != keyComparison.difference(key))
            {
                suspects.add(key);
            }
        }

        comparedCount += keys.size();
        recheck(suspects);
    }

    private static Object[] readHead(final RespClient client) throws IOException
    {
        return new Object[]{client.readReply(), client.readReply(), client.readReply()};
    }

    private void compareSmallStrings(final List<byte[]> group, final long groupBytes, final List<byte[]> suspects)
        throws IOException
    {
        final int parts = (int)(groupBytes / GROUP_BYTES_MAX) + 1;
        final int step = Math.max(1, group.size() / parts);
        for (int from = 0; from < group.size(); from += step)
        {
            final List<byte[]> part = group.subList(from, Math.min(group.size(), from + step));
            commands.clear();
            part.forEach((key) -> commands.begin(2).argument(GET).argument(key));
            left.send(commands);
            right.send(commands);
            for (final byte[] key : part)
            {
                final Object leftValue = left.readReply();
                final Object rightValue = right.readReply();
                final boolean isEqual = leftValue instanceof byte[] && rightValue instanceof byte[] &&
                    Arrays.equals((byte[])leftValue, (byte[])rightValue);
                if (!isEqual)
                {
                    suspects.add(key);
                }
            }
        }
    }

    /** Counts those as different that stay so. */
    private void recheck(final List<byte[]> suspects) throws IOException
    {
        List<byte[]> remaining = suspects;
        for (int i = 0; i < RECHECK_COUNT && !remaining.isEmpty(); i++)
        {
            if (i > 0)
            {
                LockSupport.parkNanos(RECHECK_PAUSE_NS);
            }

            final List<byte[]> stillDifferent = new ArrayList<>();
            for (final byte[] key : remaining)
            {
                final String what = keyComparison.difference(key);
                if (null != what)
                {
                    stillDifferent.add(key);
                    if (RECHECK_COUNT - 1 == i)
                    {
                        count(key, what);
                    }
                }
            }

            remaining = stillDifferent;
        }
    }

    private void count(final byte[] key, final String what)
    {
        differentCount++;
        if (listed.size() < listedMax)
        {
            listed.add(new Difference(database, KeyComparison.printable(key), what));
        }
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
