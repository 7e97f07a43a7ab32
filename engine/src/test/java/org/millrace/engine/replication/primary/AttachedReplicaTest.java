package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.millrace.engine.base.InvariantError;

/** Whether the snapshot of a replica that is lost was sent for nothing, which slows down the next one. */
class AttachedReplicaTest
{
    private static final long LATER = ReplicaFailures.STABLE_MS;

    private final ReplicaStatus status = new ReplicaStatus(1, "r", "h", 1, "a", "b", -1, false, true, 0);
    private final AttachedReplica replica = new AttachedReplica(status, null, new ReplicaIdentity(), 0);

    @Test
    void shouldBeForNothingWithinTheSnapshotAndSoonAfter()
    {
        replica.await();
        assertTrue(replica.isWaiting());
        replica.snapshot(null);
        assertFalse(replica.isWaiting());
        assertTrue(replica.lost(0));
    }

    @Test
    void shouldBeForNothingSoonAfterTheSnapshotAndNotLater()
    {
        replica.await();
        replica.snapshot(null);
        replica.online(1000);
        replica.online(2000);
        assertEquals(AttachedState.STREAM_AFTER_SNAPSHOT, replica.state());
        assertTrue(replica.lost(1000 + LATER - 1));

        final AttachedReplica stable = new AttachedReplica(status, null, new ReplicaIdentity(), 0);
        stable.await();
        stable.snapshot(null);
        stable.online(1000);
        assertFalse(stable.lost(1000 + LATER));
    }

    @Test
    void shouldNotBeForNothingIfItHasWhatItWanted()
    {
        replica.await();
        replica.snapshot(null);
        status.served();
        assertFalse(replica.lost(0));

        final AttachedReplica online = new AttachedReplica(status, null, new ReplicaIdentity(), 0);
        online.await();
        online.snapshot(null);
        online.online(0);
        assertFalse(online.lost(1));
    }

    @Test
    void shouldNotBeForNothingIfItWasDismissed()
    {
        replica.await();
        replica.snapshot(null);
        replica.dismiss();
        replica.dismiss();
        assertFalse(replica.isWaiting());
        replica.online(0);
        assertEquals(AttachedState.DISMISSED, replica.state());
        assertFalse(replica.lost(0));
    }

    @Test
    void shouldNotBeForNothingWithoutSnapshot()
    {
        replica.stream();
        replica.online(0);
        assertEquals(AttachedState.STREAM, replica.state());
        assertFalse(replica.lost(0));
    }

    @Test
    void shouldStopAtWhatMayNotFollow()
    {
        assertThrows(InvariantError.class, () -> replica.snapshot(null));
        replica.stream();
        assertThrows(InvariantError.class, replica::await);
    }
}
