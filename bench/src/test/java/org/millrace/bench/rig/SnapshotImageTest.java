package org.millrace.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;

@Timeout(60)
class SnapshotImageTest
{
    @Test
    void shouldComputeTheChecksumOfSnapshots()
    {
        final Crc64 whole = new Crc64();
        final byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        whole.update(digits, digits.length);
        final Crc64 parts = new Crc64();
        for (final byte digit : digits)
        {
            parts.update(new byte[]{digit}, 1);
        }

        assertEquals(0xE9C6D914C4B8D9CAL, whole.value());
        assertEquals(whole.value(), parts.value());
    }

    @Test
    void shouldBeLoadedByARealServer() throws IOException
    {
        // A real server ends at once if the checksum or anything else is wrong.
        final SnapshotImage image = SnapshotImage.build(1_000, new Values(3, 300), 300);
        try (
            ServerGroup group = ServerGroup.open();
            StandInPrimary primary = StandInPrimary.open())
        {
            final ServerProcess server = group.start("replica", RealRedis.spec());
            try (RespClient client = server.connect())
            {
                client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
                primary.acceptReplica(image);

                assertEquals(1_000, client.callLong("DBSIZE"));
                assertEquals(300, client.callLong("STRLEN", "key:000000000999"));
            }
        }
    }
}
