package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

/** Two nodes in one process, one the replica of the other: what listener and figures say of it. */
@Timeout(60)
class MillraceListenerTest
{
    @TempDir
    private Path directory;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Test
    void shouldTellOfRoleAndLink() throws Exception
    {
        final MillraceNode primary = builder("primary").port(Ports.free()).open();
        primary.command("SET", "key", "value").join();
        try (MillraceNode replica = builder("replica").replicaOf("127.0.0.1", primary.port())
            .listener(new Recorder()).open(); MillraceReader reader = replica.openReader())
        {
            assertTrue(replica.isReplica());
            assertEquals("up 127.0.0.1:" + primary.port(), next());
            Await.until("it to come so far", 30,
                () -> LinkState.CONNECTED == replica.linkState() && 1 == primary.replicas());
            assertTrue(replica.isLinkUp());
            assertFalse(primary.isReplica());
            assertEquals(LinkState.NONE, primary.linkState());
            assertEquals(1, replica.keys());
            assertTrue(replica.usedMemory() > 0 && replica.reservedMemory() >= replica.usedMemory());

            primary.writer().set(0, key("key"), key("longer value"));
            primary.writer().flush();
            Await.until("it to come so far", 30, () -> 12 == reader.length(0, key("key")));
            Await.until("it to come so far", 30, () -> replica.offset() == primary.offset());

            replica.writer().set(0, key("key"), key("mine"));
            assertEquals("failed READONLY You can't write against a read only replica.", next());
            assertEquals(1, replica.writesFailed());

            replica.command("REPLICAOF", "NO", "ONE").join();
            assertEquals("role primary", next());
            assertEquals("down the node is a primary now", next());
            Await.until("it to come so far", 30, () -> !replica.isReplica() && LinkState.NONE == replica.linkState());

            replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
            assertEquals("role replica", next());
            assertEquals("up 127.0.0.1:" + primary.port(), next());
            // It may have got an image from before the last write, which then follows in the stream.
            Await.until("it to come so far", 30, () -> replica.offset() == primary.offset());
            primary.close();
            assertTrue(next().startsWith("down "));
            Await.until("it to come so far", 30, () -> !replica.isLinkUp());
            assertEquals(12, reader.length(0, key("key")));
        }
    }

    @Test
    void shouldGoOnWhenAListenerThrows() throws Exception
    {
        try (MillraceNode node = builder("node").listener(new MillraceListener()
        {
            @Override
            public void onWriteFailed(final String error)
            {
                throw new IllegalArgumentException("on purpose");
            }
        }).open())
        {
            node.writer().command(0, "NOSUCH".getBytes(StandardCharsets.UTF_8));
            assertEquals("PONG", node.command("PING").join());
            assertEquals(1, node.writesFailed());
        }
    }

    /** A listener may hand over commands, but cannot wait for the thread it runs on. */
    @Test
    void shouldRefuseAListenerThatWaitsForTheNode() throws Exception
    {
        final MillraceNode[] self = new MillraceNode[1];
        try (MillraceNode node = builder("node").listener(new MillraceListener()
        {
            @Override
            public void onWriteFailed(final String error)
            {
                self[0].writer().set(0, key("told"), key("yes"));
                try (MillraceReader reader = self[0].openReader())
                {
                    events.add("reads " + reader.length(0, key("there")));
                    self[0].command("SET", "a", "b");
                    self[0].writer().flush();
                    events.add("flushed");
                }
            }
        }).open())
        {
            self[0] = node;
            node.writer().set(0, key("there"), key("x"));
            node.writer().command(0, "NOSUCH".getBytes(StandardCharsets.UTF_8));
            assertEquals("reads 1", next());
            assertEquals("PONG", node.command("PING").join());
            try (MillraceReader reader = node.openReader())
            {
                Await.until("it to come so far", 30,
                    () -> reader.contains(0, key("told")) && reader.contains(0, key("a")));
            }
        }
    }

    private final class Recorder implements MillraceListener
    {
        @Override
        public void onRoleChange(final boolean isReplica)
        {
            events.add("role " + (isReplica ? "replica" : "primary"));
        }

        @Override
        public void onLinkUp(final String host, final int port)
        {
            events.add("up " + host + ":" + port);
        }

        @Override
        public void onLinkDown(final String reason)
        {
            events.add("down " + reason);
        }

        @Override
        public void onWriteFailed(final String error)
        {
            events.add("failed " + error);
        }
    }

    private String next() throws InterruptedException
    {
        final String event = events.poll(30, TimeUnit.SECONDS);
        return null == event ? "no event" : event;
    }

    private MillraceBuilder builder(final String name)
    {
        return MillraceNode.builder().directory(directory.resolve(name)).option("loglevel", "warning");
    }

    private static UnsafeBuffer key(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
