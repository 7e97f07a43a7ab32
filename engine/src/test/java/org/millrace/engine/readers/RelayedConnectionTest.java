package org.millrace.engine.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;
import org.millrace.engine.transport.SimReactor;

/** The writer's side of a connection, with a reader that a test plays by hand. */
class RelayedConnectionTest
{
    private final SimNetwork network = new SimNetwork(1);
    private final SimConnection[] pair = network.pair(null, null, 6379);
    private final ReaderPort port = new ReaderPort(RelayedConnectionTest::nothing, RelayedConnectionTest::nothing,
        null);
    private final Relay relay = new Relay(port, null, new SimReactor(network));
    private final RelayedConnection connection = new RelayedConnection(pair[0], relay);
    private final Client client = new Client();

    /** Reads one byte at a time, and notes what it was told. */
    private final class Client implements ConnectionHandler
    {
        private final StringBuilder read = new StringBuilder();
        private Boolean claimed;
        private int told;

        @Override
        public void onReadable()
        {
            final ByteBuffer target = ByteBuffer.allocateDirect(1);
            if (1 == connection.read(target))
            {
                read.append((char)target.get(0));
            }

            if ('!' == read.charAt(read.length() - 1))
            {
                claimed = connection.claim();
            }
        }

        @Override
        public void onClaimed()
        {
            told++;
        }

        @Override
        public void onWritable()
        {
        }
    }

    private static void nothing()
    {
    }

    private void sayUp(final int type, final String text)
    {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(Math.max(1, text.length()));
        bytes.put(text.getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(port.sendUp(type, connection.number(), Memory.address(bytes), text.length()));
    }

    private List<Integer> saidDown()
    {
        final List<Integer> types = new ArrayList<>();
        port.receiveDown((type, buffer, index, length) -> types.add(type));
        return types;
    }

    private void give()
    {
        connection.handler(client);
        relay.give(connection);
        relay.doWork();
        saidDown();
    }

    private void leave()
    {
        sayUp(HandOver.LEFT, "");
        // Once for the message, once to take the socket over.
        relay.doWork();
        relay.doWork();
    }

    @Test
    void shouldAskReaderForTheSocketAndTellWhenItHasCome()
    {
        give();
        assertFalse(connection.claim());
        assertFalse(connection.claim());
        relay.doWork();
        assertEquals(List.of(HandOver.LEAVE), saidDown(), "asked once");

        leave();
        assertEquals(1, client.told);
        assertTrue(connection.claim());
        assertSame(pair[0], connection.base());
    }

    /** Bytes that came before the reader left must be run before whoever claims gets the socket. */
    @Test
    void shouldClaimBehindInputThatIsStillToBeTaken()
    {
        give();
        connection.wantRead(false);
        sayUp(HandOver.INPUT, "a!bc");
        relay.doWork();
        leave();
        saidDown();

        connection.wantRead(true);
        relay.doWork();
        assertEquals("a!bc", client.read.toString());
        assertEquals(false, client.claimed);
        assertEquals(1, client.told);
        assertTrue(saidDown().isEmpty(), "there is no reader to be asked");
    }

    @Test
    void shouldAskAgainAfterAClaimThatNeededNoReader()
    {
        shouldClaimBehindInputThatIsStillToBeTaken();
        relay.giveBack(connection);
        relay.doWork();
        saidDown();

        assertFalse(connection.claim());
        relay.doWork();
        assertEquals(List.of(HandOver.LEAVE), saidDown());
        leave();
        assertEquals(2, client.told);
    }

    @Test
    void shouldNotWriteWhileReaderMayAnswer()
    {
        give();
        assertTrue(connection.write(ByteBuffer.allocateDirect(1)) > 0, "it is the writer's at first");
        assertFalse(connection.claim());
        assertTrue(connection.write(ByteBuffer.allocateDirect(1)) > 0, "the reader passes on what comes in");
    }

    @Test
    void shouldHaveNothingToGiveOnceClosed()
    {
        give();
        connection.close();
        assertFalse(connection.claim());
        assertFalse(connection.isOpen());
        relay.doWork();
        assertEquals(List.of(HandOver.CLOSE), saidDown());
    }
}
