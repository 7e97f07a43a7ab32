package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkStateTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<LinkState, Set<LinkState>> moves = new EnumMap<>(LinkState.class);
        moves.put(LinkState.IDLE, Set.of(LinkState.BACKOFF));
        moves.put(LinkState.BACKOFF, Set.of(LinkState.IDLE, LinkState.CONNECTING));
        moves.put(LinkState.CONNECTING, Set.of(LinkState.IDLE, LinkState.BACKOFF, LinkState.AWAIT_PONG));
        moves.put(LinkState.AWAIT_PONG, Set.of(LinkState.IDLE, LinkState.BACKOFF, LinkState.AWAIT_REPLCONF));
        moves.put(LinkState.AWAIT_REPLCONF, Set.of(LinkState.IDLE, LinkState.BACKOFF, LinkState.AWAIT_PSYNC));
        moves.put(
            LinkState.AWAIT_PSYNC,
            Set.of(LinkState.IDLE, LinkState.BACKOFF, LinkState.SNAPSHOT, LinkState.STREAMING));
        moves.put(LinkState.SNAPSHOT, Set.of(LinkState.IDLE, LinkState.BACKOFF, LinkState.STREAMING));
        moves.put(LinkState.STREAMING, Set.of(LinkState.IDLE, LinkState.BACKOFF));

        for (final LinkState from : LinkState.values())
        {
            for (final LinkState to : LinkState.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }

    @Test
    void shouldKeepCodesThatOthersHaveStored()
    {
        final int[] codes = new int[LinkState.values().length];
        for (final LinkState state : LinkState.values())
        {
            codes[state.ordinal()] = state.code();
        }

        assertEquals("[0, 1, 2, 3, 4, 5, 6, 7]", java.util.Arrays.toString(codes));
    }
}
