package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicaStateTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<ReplicaState, Set<ReplicaState>> moves = new EnumMap<>(ReplicaState.class);
        moves.put(ReplicaState.AWAIT_SNAPSHOT,
            Set.of(ReplicaState.STREAM_SNAPSHOT, ReplicaState.AWAIT_LENGTH, ReplicaState.ONLINE, ReplicaState.CLOSED));
        moves.put(ReplicaState.STREAM_SNAPSHOT,
            Set.of(ReplicaState.AWAIT_ACK, ReplicaState.RDB_SENT, ReplicaState.CLOSED));
        moves.put(ReplicaState.AWAIT_LENGTH, Set.of(ReplicaState.SEND_SNAPSHOT, ReplicaState.CLOSED));
        moves.put(ReplicaState.SEND_SNAPSHOT, Set.of(ReplicaState.ONLINE, ReplicaState.RDB_SENT, ReplicaState.CLOSED));
        moves.put(ReplicaState.AWAIT_ACK, Set.of(ReplicaState.ONLINE, ReplicaState.CLOSED));
        moves.put(ReplicaState.ONLINE, Set.of(ReplicaState.CLOSED));
        moves.put(ReplicaState.RDB_SENT, Set.of(ReplicaState.CLOSED));
        moves.put(ReplicaState.CLOSED, Set.of());

        for (final ReplicaState from : ReplicaState.values())
        {
            for (final ReplicaState to : ReplicaState.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }
}
