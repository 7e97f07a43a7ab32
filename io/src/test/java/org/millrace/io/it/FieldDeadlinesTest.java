package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.server.TestServer;

/** Deadlines of fields on a replica that says that it takes them, and what comparisons of data see of them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FieldDeadlinesTest
{
    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldReachAReplicaAndBeCompared()
    {
        final TestServer primary = nodes.millrace("primary", Mode.SHARED);
        for (int i = 0; i < 700; i++)
        {
            primary.client().ok("HSET", "large", "f" + i, "v");
        }

        primary.client().ok("HSET", "small", "f", "v", "g", "v");
        primary.client().call("HPEXPIREAT", "large", "9999999999999", "FIELDS", "2", "f7", "f699");
        primary.client().call("HPEXPIREAT", "small", "9999999999999", "FIELDS", "1", "f");
        final TestServer replica = nodes.millrace("replica", Mode.SHARED, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, primary.resyncs("full"));

        replica.client().ok("REPLICAOF", "NO", "ONE");
        replica.client().call("HPEXPIREAT", "large", "9999999999000", "FIELDS", "1", "f699");
        replica.client().call("HPERSIST", "small", "FIELDS", "1", "f");
        final AssertionError error = assertThrows(
            AssertionError.class, () -> DataComparison.assertSameData(primary, replica));
        assertTrue(error.getMessage().contains("field f699 expires at: 9999999999999 ms / 9999999999000 ms"),
            error.getMessage());
        assertTrue(error.getMessage().contains("field f expires at: 9999999999999 ms / never"), error.getMessage());
    }
}
