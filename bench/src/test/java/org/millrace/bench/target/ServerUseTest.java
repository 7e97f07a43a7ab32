package org.millrace.bench.target;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;

@Timeout(60)
class ServerUseTest
{
    @Test
    void shouldMeasureARunningServer() throws IOException
    {
        try (ServerGroup group = ServerGroup.open())
        {
            final ServerProcess server = group.start("one", RealRedis.spec());

            assertTrue(ServerUse.residentBytes(server) > 0);
            assertTrue(ServerUse.cpuUs(server) >= 0);
            assertTrue(ServerUse.memory(server).anonymous() > 0);
        }
    }
}
