package org.millrace.io.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.millrace.kit.Await;
import org.millrace.kit.compare.DatasetComparison;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.TestServer;

/**
 * Compares the data of servers at one offset: digests of everything, as DEBUG DIGEST computes them, and each key with
 * its value and the time of its expiry, read through the commands a client would use.
 */
final class DataComparison
{
    private static final int SHOWN = 10;
    private static final long IN_SYNC_SECONDS = 60;

    private DataComparison()
    {
    }

    /** Wait until the replicas have applied all of the primary's stream, then compare with each of them. */
    static void assertEqualData(final TestServer primary, final TestServer... replicas)
    {
        for (final TestServer replica : replicas)
        {
            final String[] digests = digestsAtOneOffset(primary, replica);
            compare(primary, replica);
            if (!digests[0].equals(digests[1]))
            {
                throw new AssertionError("at offset " + primary.offset() + " the digest of " + primary.name() + " is " +
                    digests[0] + ", that of " + replica.name() + " " + digests[1] + ", but all keys read equal");
            }
        }
    }

    /** As above without the digests, which of millions of elements take longer than a client waits. */
    static void assertEqualValues(final TestServer primary, final TestServer... replicas)
    {
        awaitApplied(primary, replicas);
        for (final TestServer replica : replicas)
        {
            compare(primary, replica);
        }
    }

    /** As the first, of servers that do not follow each other and are written to by nobody. */
    static void assertSameData(final TestServer left, final TestServer right)
    {
        compare(left, right);
        final String digest = left.client().text("DEBUG", "DIGEST");
        if (!digest.equals(right.client().text("DEBUG", "DIGEST")))
        {
            throw new AssertionError("digests of " + left.name() + " and " + right.name() +
                " differ, but all keys read equal");
        }
    }

    /** A stream that moved meanwhile gives no verdict. */
    private static String[] digestsAtOneOffset(final TestServer primary, final TestServer replica)
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
        return digests;
    }

    private static void compare(final TestServer primary, final TestServer replica)
    {
        try (RespClient left = primary.process().connect(); RespClient right = replica.process().connect())
        {
            final DatasetComparison.Result result = new DatasetComparison(
                left, right, DatasetComparison.Limits.listing(SHOWN), DatasetComparison.SILENT).run();
            if (!result.isEqual())
            {
                throw new AssertionError(result.differentCount() + " of " + result.comparedCount() +
                    " keys differ between " + primary.name() + " and " + replica.name() + ": " + result.listed());
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUp(final TestServer replica)
    {
        return "up".equals(replica.info("replication", "master_link_status"));
    }

    /** Wait until the replica's link is up. */
    static void awaitLinkUp(final TestServer replica)
    {
        Await.until("link of " + replica.name() + " to be up", IN_SYNC_SECONDS, () -> isUp(replica));
    }

    /** Wait until the replicas have applied what is in the primary's stream now. */
    static void awaitApplied(final TestServer primary, final TestServer... replicas)
    {
        final long offset = primary.offset();
        for (final TestServer replica : replicas)
        {
            Await.until(
                () -> replica.name() + " to reach offset " + offset + ", is at " + replica.offset(),
                IN_SYNC_SECONDS,
                () -> isUp(replica) && replica.offset() >= offset);
        }
    }
}
