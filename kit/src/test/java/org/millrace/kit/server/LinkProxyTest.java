package org.millrace.kit.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.resp.RespClient;

@Timeout(60)
class LinkProxyTest
{
    @Test
    void shouldCutAndMend() throws IOException
    {
        try (
            ServerGroup group = ServerGroup.open();
            LinkProxy proxy = LinkProxy.open(group.start("server", RealRedis.spec()).port()))
        {
            try (RespClient client = RespClient.connect(ServerProcess.HOST, proxy.port(), 5_000))
            {
                assertEquals("PONG", client.call("PING"));
                proxy.cut();
                assertThrows(IOException.class, () -> client.call("PING"));
            }

            try (RespClient client = RespClient.connect(ServerProcess.HOST, proxy.port(), 5_000))
            {
                assertThrows(IOException.class, () -> client.call("PING"));
            }

            proxy.mend();
            try (RespClient client = RespClient.connect(ServerProcess.HOST, proxy.port(), 5_000))
            {
                assertEquals("PONG", client.call("PING"));
            }
        }
    }
}
