package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotPhaseTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<SnapshotPhase, Set<SnapshotPhase>> moves = new EnumMap<>(SnapshotPhase.class);
        moves.put(SnapshotPhase.HEADER, Set.of(SnapshotPhase.IMAGE, SnapshotPhase.FAILED));
        moves.put(SnapshotPhase.IMAGE, Set.of(SnapshotPhase.MARK, SnapshotPhase.TAIL, SnapshotPhase.FAILED));
        moves.put(SnapshotPhase.MARK, Set.of(SnapshotPhase.FINISH, SnapshotPhase.FAILED));
        moves.put(SnapshotPhase.TAIL, Set.of(SnapshotPhase.FINISH, SnapshotPhase.FAILED));
        moves.put(SnapshotPhase.FINISH, Set.of(SnapshotPhase.DONE, SnapshotPhase.FAILED));
        moves.put(SnapshotPhase.DONE, Set.of());
        moves.put(SnapshotPhase.FAILED, Set.of());

        for (final SnapshotPhase from : SnapshotPhase.values())
        {
            for (final SnapshotPhase to : SnapshotPhase.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }
}
