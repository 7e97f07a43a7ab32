package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimNetwork;

/** A replica that lagged when its link was lost can go on, for as long as one that did not. */
class KeptPlacesTest
{
    private static final int HISTORY = 1 << 14;

    private final SimNetwork network = new SimNetwork(1).bufferLength(64);
    private final FeederRig rig = new FeederRig(network, FeederRig.limits());

    @AfterEach
    void release()
    {
        rig.close();
        assertEquals(0, rig.storage.live());
    }

    @Test
    void shouldKeepWhatALaggardLackedUntilAsMuchAgainWasWritten()
    {
        final FeederRig.Peer peer = rig.online();
        rig.append(100_000);
        rig.run();
        peer.socket().cut();
        rig.run();
        assertEquals(ReplicaState.CLOSED, peer.status().state());
        assertTrue(rig.stream.holds(1));
        rig.append(HISTORY);
        rig.run();
        assertTrue(rig.stream.holds(1));
        rig.append(1);
        rig.run();
        assertFalse(rig.stream.holds(1));
        assertEquals(HISTORY, rig.stream.historyLength());
    }

    @Test
    void shouldKeepWhatWasUnderWay()
    {
        network.bufferLength(1 << 20);
        final FeederRig.Peer peer = rig.online();
        rig.append(100_000);
        rig.run();
        assertEquals(100_001, peer.status().nextOffset());
        peer.socket().send("REPLCONF ACK 40000\r\n");
        rig.run();
        assertTrue(rig.stream.holds(40_001), "while it is attached");
        assertFalse(rig.stream.holds(40_000));
        peer.socket().cut();
        rig.run();
        assertTrue(rig.stream.holds(40_001), "and when the link is lost");
    }

    @Test
    void shouldLetGoWhenTheReplicaIsBackOrTooLate()
    {
        final FeederRig.Peer lost = rig.online();
        rig.append(100_000);
        lost.socket().cut();
        rig.run();
        assertTrue(rig.stream.holds(1));
        final FeederRig.Peer back = rig.online();
        assertFalse(rig.stream.holds(1), "the same name is back");
        back.socket().cut();
        rig.run();

        final FeederRig.Peer late = rig.online();
        rig.append(100_000);
        rig.run();
        late.socket().cut();
        rig.run();
        assertTrue(rig.stream.holds(100_001));
        rig.seconds(61);
        rig.run();
        assertFalse(rig.stream.holds(100_001));
    }

    @Test
    void shouldLetGoWithTheRing()
    {
        final FeederRig.Peer peer = rig.online();
        rig.append(100_000);
        peer.socket().cut();
        rig.run();
        rig.stream.deactivate();
        rig.run();
        rig.stream.doWork();
        assertEquals(0, rig.storage.live());
        rig.stream.activate(rig.storage);
    }

    @Test
    void shouldKeepNothingForOneThatWasDroppedForItsLag()
    {
        rig.feeder.limits(new FeederLimits(50_000, 0, 0, HISTORY, 1 << 20, 60));
        rig.online();
        rig.append(100_000);
        rig.run();
        assertFalse(rig.stream.holds(1));
    }
}
