package org.millrace.kit.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.CommandBuffer;

/**
 * Compares the data of two servers key by key: type, expiry, value. Reads only commands that every server has, so it
 * works between Redis, Valkey and Millrace alike, and needs no equal encodings. Both servers are asked in pipelines, and
 * what is held at once does not grow with the data.
 * <p>
 * A key found different is suspect; suspects are looked at again together, over a quarter of a second, before they
 * count, since a key may expire between two reads, and the deletion of an expired key reaches a replica later.
 * <p>
 * Runs on the caller's thread; owns neither connection, but leaves each with another database selected.
 */
public final class DatasetComparison
{
    /** Tells nobody. */
    public static final Progress SILENT = (database, compared, expected, different) ->
    {
    };

    /** For {@link Limits}: never. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int SCAN_COUNT_MAX = 1_000;
    private static final long SCAN_BYTES_MAX = 4 * 1024 * 1024;
    private static final int SUSPECTS_MAX = 50_000;
    private static final long SUSPECT_BYTES_MAX = 16 * 1024 * 1024;
    private static final long[] PAUSES_MS = {0, 100, 150};
    private static final byte[] EXISTS = "EXISTS".getBytes(StandardCharsets.US_ASCII);

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
     * How far it goes.
     *
     * @param listedMax   how many differences are kept with their text.
     * @param stopAfter   ends once so many keys differ; {@link #NEVER} for all.
     * @param toleranceMs how far apart two times of expiry may be.
     */
    public record Limits(int listedMax, long stopAfter, long toleranceMs)
    {
        /** All keys, expiries to the millisecond. */
        public static Limits listing(final int listedMax)
        {
            return new Limits(listedMax, NEVER, 0);
        }
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
     * @param isStopped      true if there were enough differences before all keys had been compared.
     */
    public record Result(
        long comparedCount,
        long differentCount,
        List<Difference> listed,
        long skippedCount,
        boolean isStopped)
    {
        /** True if no key differs and every value could be read. */
        public boolean isEqual()
        {
            return 0 == differentCount && 0 == skippedCount;
        }
    }

    private final CommandBuffer commands = new CommandBuffer();
    private final List<Difference> listed = new ArrayList<>();

    /** A server may name a key twice in one scan. */
    private final Set<ByteBuffer> suspects = new LinkedHashSet<>();
    private final RespClient left;
    private final RespClient right;
    private final KeyBatch batch;
    private final Limits limits;
    private final Progress progress;
    private long suspectBytes;
    private long comparedCount;
    private long expectedCount;
    private long differentCount;
    private int database;

    /**
     * @param limits how far it goes.
     */
    public DatasetComparison(
        final RespClient left,
        final RespClient right,
        final Limits limits,
        final Progress progress)
    {
        this.left = left;
        this.right = right;
        this.limits = limits;
        this.progress = progress;
        batch = new KeyBatch(left, right, limits.toleranceMs());
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
            if (!isEnough())
            {
                compareDatabase(each);
            }
        }

        return result();
    }

    /**
     * Compares one database only.
     *
     * @throws IOException as {@link #run()}, and if neither server has it.
     */
    public Result run(final int onlyDatabase) throws IOException
    {
        compareDatabase(onlyDatabase);
        return result();
    }

    private Result result()
    {
        return new Result(comparedCount, differentCount, List.copyOf(listed), batch.skippedCount(), isEnough());
    }

    private boolean isEnough()
    {
        return differentCount >= limits.stopAfter();
    }

    private void compareDatabase(final int number) throws IOException
    {
        database = number;
        final Object leftReply = left.call("SELECT", Integer.toString(number));
        final Object rightReply = right.call("SELECT", Integer.toString(number));
        if (leftReply instanceof RespError && rightReply instanceof RespError)
        {
            ReplyValues.ok(leftReply);
        }

        if (leftReply instanceof RespError || rightReply instanceof RespError)
        {
            countWithout(leftReply instanceof RespError ? right : left, leftReply, rightReply);
            return;
        }

        expectedCount += Math.max(left.callLong("DBSIZE"), right.callLong("DBSIZE"));
        scan(left, this::compare);
        if (!isEnough())
        {
            scan(right, this::findMissing);
        }

        recheck();
    }

    /** One server does not have the database that the other one holds keys in. */
    private void countWithout(final RespClient holder, final Object leftReply, final Object rightReply)
        throws IOException
    {
        final long count = holder.callLong("DBSIZE");
        comparedCount += count;
        differentCount += count;
        if (count > 0 && listed.size() < limits.listedMax())
        {
            listed.add(
                new Difference(
                    database,
                    "(all " + count + ")",
                    "database: " + (leftReply instanceof RespError ? ((RespError)leftReply).message() : "there") +
                        " / " +
                        (rightReply instanceof RespError ? ((RespError)rightReply).message() : "there")));
        }
    }

    private TreeSet<Integer> databases() throws IOException
    {
        final TreeSet<Integer> numbers = new TreeSet<>();
        for (final RespClient client : List.of(left, right))
        {
            for (final Map.Entry<String, String> field : client.info("keyspace").fields().entrySet())
            {
                if (field.getKey().matches("db\\d+"))
                {
                    numbers.add(Integer.parseInt(field.getKey().substring(2)));
                }
            }
        }

        return numbers;
    }

    /** What is done with each batch of keys. */
    @FunctionalInterface
    private interface Step
    {
        void take(List<byte[]> keys) throws IOException;
    }

    /** Goes through the keys of one server until it is through or there are enough differences. */
    private void scan(final RespClient client, final Step step) throws IOException
    {
        String cursor = "0";
        int count = SCAN_COUNT_MAX;
        do
        {
            final List<?> reply = (List<?>)client.callOk("SCAN", cursor, "COUNT", Integer.toString(count));
            cursor = new String((byte[])reply.get(0), StandardCharsets.US_ASCII);
            final List<byte[]> keys = new ArrayList<>();
            long bytes = 0;
            for (final Object key : (List<?>)reply.get(1))
            {
                keys.add((byte[])key);
                bytes += ((byte[])key).length;
            }

            // Long keys come in smaller batches.
            count = bytes > SCAN_BYTES_MAX ? Math.max(1, count / 2) : Math.min(SCAN_COUNT_MAX, 2 * count);
            step.take(keys);
            if (suspects.size() >= Math.min(SUSPECTS_MAX, limits.stopAfter()) || suspectBytes > SUSPECT_BYTES_MAX)
            {
                recheck();
            }

            progress.update(database, comparedCount, expectedCount, differentCount + suspects.size());
        }
        while (!"0".equals(cursor) && !isEnough());
    }

    private void compare(final List<byte[]> keys) throws IOException
    {
        final String[] differences = batch.look(keys);
        for (int i = 0; i < differences.length; i++)
        {
            if (null != differences[i])
            {
                suspect(keys.get(i));
            }
        }

        comparedCount += keys.size();
    }

    /** Keys of the right server that the left one does not have; all others have been compared. */
    private void findMissing(final List<byte[]> keys) throws IOException
    {
        commands.clear();
        keys.forEach((key) -> commands.begin(2).argument(EXISTS).argument(key));
        left.send(commands);
        final List<byte[]> missing = new ArrayList<>();
        for (final byte[] key : keys)
        {
            if (Long.valueOf(0).equals(ReplyValues.ok(left.readReply())))
            {
                missing.add(key);
            }
        }

        comparedCount += missing.size();
        expectedCount = Math.max(expectedCount, comparedCount);
        for (final byte[] key : missing)
        {
            suspect(key);
        }
    }

    private void suspect(final byte[] key)
    {
        suspects.add(ByteBuffer.wrap(key));
        suspectBytes += key.length;
    }

    /** Counts those suspects as different that stay so. */
    private void recheck() throws IOException
    {
        List<byte[]> remaining = new ArrayList<>();
        for (final ByteBuffer suspect : suspects)
        {
            remaining.add(suspect.array());
        }

        suspects.clear();
        suspectBytes = 0;
        for (int look = 0; look < PAUSES_MS.length && !remaining.isEmpty(); look++)
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSES_MS[look]));
            final boolean isLast = PAUSES_MS.length - 1 == look;
            final String[] differences = batch.look(remaining);
            final List<byte[]> still = new ArrayList<>();
            for (int i = 0; i < differences.length; i++)
            {
                if (null != differences[i])
                {
                    still.add(remaining.get(i));
                    if (isLast)
                    {
                        count(remaining.get(i), differences[i]);
                    }
                }
            }

            remaining = still;
        }
    }

    private void count(final byte[] key, final String what)
    {
        if (isEnough())
        {
            return;
        }

        differentCount++;
        if (listed.size() < limits.listedMax())
        {
            listed.add(new Difference(database, ReplyValues.printable(key), what));
        }
    }
}
