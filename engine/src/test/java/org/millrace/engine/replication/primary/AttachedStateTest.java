package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttachedStateTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<AttachedState, Set<AttachedState>> moves = new EnumMap<>(AttachedState.class);
        moves.put(AttachedState.NEW,
            Set.of(AttachedState.AWAIT_SNAPSHOT, AttachedState.STREAM, AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.AWAIT_SNAPSHOT,
            Set.of(AttachedState.SNAPSHOT, AttachedState.REFUSED, AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.SNAPSHOT,
            Set.of(AttachedState.STREAM_AFTER_SNAPSHOT, AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.STREAM_AFTER_SNAPSHOT, Set.of(AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.STREAM, Set.of(AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.REFUSED, Set.of(AttachedState.DISMISSED, AttachedState.GONE));
        moves.put(AttachedState.DISMISSED, Set.of(AttachedState.GONE));
        moves.put(AttachedState.GONE, Set.of());

        for (final AttachedState from : AttachedState.values())
        {
            for (final AttachedState to : AttachedState.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }
}
