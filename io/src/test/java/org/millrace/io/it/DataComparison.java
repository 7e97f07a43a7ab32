package org.millrace.io.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares the data of servers at one offset: digests of everything, as DEBUG DIGEST computes them, and each key with
 * its value and the time of its expiry, read through the commands a client would use.
 */
final class DataComparison
{
    private static final int DATABASES = 16;
    private static final int PAGE = 500;
    private static final int SHOWN = 10;
    private static final int SHOWN_BYTES = 32;
    private static final long IN_SYNC_SECONDS = 60;

    /** Loads make expiries of less than a second or of a quarter of an hour and more. */
    private static final long SHORT_LIFE_MS = 300_000;
    private static final long NO_EXPIRY = -1;

    private DataComparison()
    {
    }

    /** Wait until the replicas have applied all of the primary's stream, then compare with each of them. */
    static void assertEqualData(final ServerProcess primary, final ServerProcess... replicas)
    {
        for (final ServerProcess replica : replicas)
        {
            awaitEqualDigests(primary, replica);
        }

        final Map<String, String> expected = read(primary);
        for (final ServerProcess replica : replicas)
        {
            compare(primary, expected, replica, read(replica));
        }
    }

    /** Equal digests at equal offsets: a stream that moved meanwhile gives no verdict. */
    private static void awaitEqualDigests(final ServerProcess primary, final ServerProcess replica)
    {
        final String[] digests = new String[2];
        Await.until(
            () -> replica.name() + " to be where " + primary.name() + " is: offsets " + primary.offset() + " and " +
                replica.offset(),
            IN_SYNC_SECONDS,
            () ->
            {
                final long offset = primary.offset();
                if (replica.offset() != offset || !isUp(replica))
                {
                    return false;
                }

                digests[0] = primary.client().text("DEBUG", "DIGEST");
                digests[1] = replica.client().text("DEBUG", "DIGEST");
                return replica.offset() == offset && primary.offset() == offset;
            });
        if (!digests[0].equals(digests[1]))
        {
            compare(primary, read(primary), replica, read(replica));
            throw new AssertionError("at offset " + primary.offset() + " the digest of " + primary.name() + " is " +
                digests[0] + ", that of " + replica.name() + " " + digests[1] + ", but all keys read equal");
        }
    }

    private static boolean isUp(final ServerProcess replica)
    {
        return "up".equals(replica.info("replication", "master_link_status"));
    }

    /** Wait until the replica's link is up. */
    static void awaitLinkUp(final ServerProcess replica)
    {
        Await.until("link of " + replica.name() + " to be up", IN_SYNC_SECONDS, () -> isUp(replica));
    }

    /** Wait until the replicas have applied what is in the primary's stream now. */
    static void awaitApplied(final ServerProcess primary, final ServerProcess... replicas)
    {
        final long offset = primary.offset();
        for (final ServerProcess replica : replicas)
        {
            Await.until(
                () -> replica.name() + " to reach offset " + offset + ", is at " + replica.offset(),
                IN_SYNC_SECONDS,
                () -> isUp(replica) && replica.offset() >= offset);
        }
    }

    /**
     * All keys with value and expiry, by database and name; those that may expire while the servers are read are left
     * out, as the digests hold them already.
     */
    static Map<String, String> read(final ServerProcess node)
    {
        final long horizonMs = System.currentTimeMillis() + SHORT_LIFE_MS;
        final Map<String, String> data = new HashMap<>();
        try (RespClient client = node.connect())
        {
            for (int db = 0; db < DATABASES; db++)
            {
                client.ok("SELECT", Integer.toString(db));
                read(client, db, horizonMs, data);
            }
        }

        return data;
    }

    private static void read(
        final RespClient client,
        final int db,
        final long horizonMs,
        final Map<String, String> data)
    {
        String cursor = "0";
        do
        {
            final List<?> page = client.list("SCAN", cursor, "COUNT", Integer.toString(PAGE));
            cursor = (String)page.get(0);
            final List<?> keys = (List<?>)page.get(1);
            for (final Object key : keys)
            {
                client.send("GET", (String)key);
                client.send("PEXPIRETIME", (String)key);
                client.send("STRLEN", (String)key);
            }

            client.flush();
            for (final Object key : keys)
            {
                final Object value = client.read();
                final Object expiry = client.read();
                final Object length = client.read();
                if (NO_EXPIRY == (Long)expiry || (Long)expiry > horizonMs)
                {
                    data.put(db + ":" + key,
                        "expires " + expiry + ", " + length + " bytes: " + shortened((String)value));
                }
            }
        }
        while (!"0".equals(cursor));
    }

    /** Long values by their first bytes and a hash, so that large data sets fit into the test's heap. */
    private static String shortened(final String value)
    {
        if (null == value || value.length() <= SHOWN_BYTES)
        {
            return value;
        }

        long hash = 0;
        for (int i = 0; i < value.length(); i++)
        {
            hash = Long.rotateLeft(hash ^ value.charAt(i), 5) * 0x9E37_79B9_7F4A_7C15L;
        }

        return value.substring(0, SHOWN_BYTES) + "... hash " + Long.toHexString(hash);
    }

    private static void compare(
        final ServerProcess primary,
        final Map<String, String> expected,
        final ServerProcess replica,
        final Map<String, String> found)
    {
        if (expected.equals(found))
        {
            return;
        }

        final TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(found.keySet());
        final List<String> differences = new ArrayList<>();
        for (final String key : keys)
        {
            final String a = expected.get(key);
            final String b = found.get(key);
            if (null == a || !a.equals(b))
            {
                differences.add(key + ": " + printable(a) + " <> " + printable(b));
            }
        }

        throw new AssertionError(
            differences.size() + " of " + keys.size() + " keys differ between " + primary.name() + " and " +
                replica.name() + ":\n" +
                String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size()))));
    }

    private static String printable(final String text)
    {
        if (null == text)
        {
            return "missing";
        }

        final StringBuilder printable = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 200); i++)
        {
            final char c = text.charAt(i);
            printable.append(c < ' ' || c > '~' ? '.' : c);
        }

        return printable.toString();
    }
}
