package org.millrace.kit.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.resp.RespClient;

@Timeout(60)
class LinkProxyTest
{
    private ServerGroup group;
    private LinkProxy proxy;

    @BeforeEach
    void open() throws IOException
    {
        group = ServerGroup.open();
        proxy = LinkProxy.open(group.start("server", RealRedis.spec()).port());
    }

    @AfterEach
    void close() throws IOException
    {
        proxy.close();
        group.close();
    }

    private RespClient connect() throws IOException
    {
        return RespClient.connect(ServerProcess.HOST, proxy.port(), 5_000);
    }

    @Test
    void shouldCutAndMend() throws IOException
    {
        try (RespClient client = connect())
        {
            assertEquals("PONG", client.call("PING"));
            proxy.refuse(true);
            proxy.cut();
            assertThrows(IOException.class, () -> client.call("PING"));
        }

        try (RespClient client = connect())
        {
            assertThrows(IOException.class, () -> client.call("PING"));
        }

        proxy.refuse(false);
        try (RespClient client = connect())
        {
            assertEquals("PONG", client.call("PING"));
        }

        assertEquals(2, proxy.connections());
    }

    @Test
    void shouldCutAtAByte() throws IOException
    {
        try (RespClient client = connect())
        {
            proxy.cutAfter("+PONG\r\n+PO".length());
            assertEquals("PONG", client.call("PING"));
            assertTrue(proxy.isCutPending());
            assertThrows(EOFException.class, () -> client.call("PING"));
            assertFalse(proxy.isCutPending());
        }

        try (RespClient client = connect())
        {
            assertEquals("PONG", client.call("PING"), "once only");
        }
    }

    @Test
    void shouldPassNothingWhileItIsHalfOpen() throws IOException
    {
        try (RespClient client = connect())
        {
            client.timeoutMs(50);
            proxy.stallAfter("+PONG\r\n".length());
            assertEquals("PONG", client.call("PING"));
            assertEquals("PONG", client.call("PING"), "what has passed the mark goes through");
            assertThrows(SocketTimeoutException.class, () -> client.call("PING"));
            client.timeoutMs(5_000);
            proxy.stall(false);
            assertEquals("PONG", client.readReply());
        }
    }
}
