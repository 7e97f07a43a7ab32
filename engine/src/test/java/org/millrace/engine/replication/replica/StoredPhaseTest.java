package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredPhaseTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<StoredPhase, Set<StoredPhase>> moves = new EnumMap<>(StoredPhase.class);
        moves.put(StoredPhase.RECEIVING, Set.of(StoredPhase.WRITING));
        moves.put(StoredPhase.WRITING, Set.of(StoredPhase.RELEASING, StoredPhase.FAILED));
        moves.put(StoredPhase.RELEASING, Set.of(StoredPhase.LOADING));
        moves.put(StoredPhase.LOADING, Set.of(StoredPhase.LOADED, StoredPhase.FAILED));
        moves.put(StoredPhase.LOADED, Set.of());
        moves.put(StoredPhase.FAILED, Set.of());

        for (final StoredPhase from : StoredPhase.values())
        {
            for (final StoredPhase to : StoredPhase.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }
}
