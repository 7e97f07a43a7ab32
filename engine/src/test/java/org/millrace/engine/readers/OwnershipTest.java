package org.millrace.engine.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.readers.Ownership.CALLED_BACK;
import static org.millrace.engine.readers.Ownership.CLAIMED;
import static org.millrace.engine.readers.Ownership.CLOSED;
import static org.millrace.engine.readers.Ownership.LEAVING;
import static org.millrace.engine.readers.Ownership.NOBODY;
import static org.millrace.engine.readers.Ownership.READER;
import static org.millrace.engine.readers.Ownership.WRITER;
import static org.millrace.engine.readers.Ownership.WRITER_ALONE;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnershipTest
{
    @Test
    void shouldAllowTheseMovesAndNoOthers()
    {
        final Map<Ownership, Set<Ownership>> moves = new EnumMap<>(Ownership.class);
        moves.put(NOBODY, Set.of(WRITER, WRITER_ALONE, CLOSED));
        moves.put(READER, Set.of(WRITER, CALLED_BACK, WRITER_ALONE, CLOSED));
        moves.put(WRITER, Set.of(READER, LEAVING, WRITER_ALONE, CLOSED));
        moves.put(CALLED_BACK, Set.of(LEAVING, CLAIMED, CLOSED));
        moves.put(LEAVING, Set.of(CLAIMED, CLOSED));
        moves.put(CLAIMED, Set.of(WRITER_ALONE, CLOSED));
        moves.put(WRITER_ALONE, Set.of(WRITER, CLAIMED, CLOSED));
        moves.put(CLOSED, Set.of());

        for (final Ownership from : Ownership.values())
        {
            for (final Ownership to : Ownership.values())
            {
                assertEquals(moves.get(from).contains(to), from.canMoveTo(to), from + " to " + to);
            }
        }
    }

    @Test
    void shouldMoveOnlyWhereItMay()
    {
        for (final Ownership from : Ownership.values())
        {
            assertTrue(from == from.onMessage() || from.canMoveTo(from.onMessage()), "message in " + from);
            assertTrue(from == from.onClaim() || from.canMoveTo(from.onClaim()), "claim in " + from);
            assertTrue(!from.isWithReader() || from.canMoveTo(from.onLeft()), "left in " + from);
        }
    }

    @Test
    void shouldTellWhoeverClaimedHoweverTheReaderCameToLeave()
    {
        assertEquals(CLAIMED, READER.onClaim().onLeft());
        assertEquals(CLAIMED, READER.onClaim().onMessage().onLeft());
        assertEquals(CLAIMED, READER.onMessage().onClaim().onLeft());
        assertEquals(CLAIMED, READER.onLeft().onClaim());
    }
}
