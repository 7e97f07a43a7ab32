package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;

class FeedPaceTest
{
    private static final int REPLICAS = 10;
    private static final long WINDOW_NS = 20_000L * REPLICAS;

    private final ReplicationStream stream = new ReplicationStream(new ReplicationHistory(FeederRig.REPLID), 1 << 18);
    private final FeedPace pace = new FeedPace(stream, 0);

    FeedPaceTest()
    {
        stream.activate(new MemorySegmentStorage(1 << 16));
    }

    @AfterEach
    void close()
    {
        stream.close();
    }

    private void write(final int units)
    {
        for (int i = 0; i < units; i++)
        {
            stream.beginCommand(0, 2);
            stream.arg("SET");
            stream.arg("v".repeat(1000));
            stream.endUnit();
        }
    }

    @Test
    void shouldHaveSmallBitsOfStreamWaitForMore()
    {
        assertFalse(pace.isDue(REPLICAS, 0));
        assertTrue(pace.isFed());

        write(1);
        assertFalse(pace.isFed());
        assertFalse(pace.isDue(REPLICAS, 1000));
        assertFalse(pace.isDue(REPLICAS, 1000 + WINDOW_NS - 1));
        assertTrue(pace.isDue(REPLICAS, 1000 + WINDOW_NS));
        pace.begin(1000 + WINDOW_NS);
        pace.end(true, 1000 + WINDOW_NS);
        assertTrue(pace.isFed());
        assertFalse(pace.isDue(REPLICAS, 1000 + WINDOW_NS));
    }

    @Test
    void shouldNotWaitWithMuch()
    {
        write(70);
        assertTrue(pace.isDue(REPLICAS, 0));
    }

    @Test
    void shouldNotWaitWhenSomebodyDoes()
    {
        pace.hurry();
        assertTrue(pace.isDue(REPLICAS, 0));
        pace.begin(0);
        pace.end(true, 0);
        assertFalse(pace.isDue(REPLICAS, 0));
    }

    @Test
    void shouldGoOnWhereARoundHasEndedEarly()
    {
        write(1);
        pace.begin(0);
        pace.end(false, 0);
        assertTrue(pace.isDue(REPLICAS, 0));
        assertFalse(pace.isFed());

        pace.begin(0);
        pace.more();
        pace.end(true, 0);
        assertTrue(pace.isFed());
        assertTrue(pace.isDue(REPLICAS, 0), "a session had more to send");
    }

    @Test
    void shouldHaveLongerTurnsWhenReplicasFallBehind()
    {
        assertEquals(200_000, pace.begin(0));
        pace.end(true, 100);
        write(1100);
        assertEquals(500_100 + 4 * 500_000, pace.begin(500_100));
        pace.end(true, 600_000);
        assertEquals(600_000 + 200_000, pace.begin(600_000));
    }
}
