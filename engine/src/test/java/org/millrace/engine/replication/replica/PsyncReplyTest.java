package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PsyncReplyTest
{
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void shouldTakeIdAndOffsetOfFullResync()
    {
        final PsyncReply reply = PsyncReply.parse("+FULLRESYNC " + ID + " 6538");
        assertEquals(PsyncReply.Kind.FULL, reply.kind());
        assertEquals(ID, reply.replid());
        assertEquals(6538, reply.offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "+FULLRESYNC", "+FULLRESYNC ", "+FULLRESYNC " + ID, "+FULLRESYNC " + ID + " ", "+FULLRESYNC x 1",
        "+FULLRESYNC " + ID + " x", "+FULLRESYNC " + ID + " -1", "+FULLRESYNC " + ID + " 99999999999999999999"})
    void shouldNameNoHistoryWhenFullResyncIsMalformed(final String line)
    {
        final PsyncReply reply = PsyncReply.parse(line);
        assertEquals(PsyncReply.Kind.FULL, reply.kind());
        assertNull(reply.replid());
        assertEquals(-1, reply.offset());
    }

    @Test
    void shouldTakeIdOfContinueOnlyAtFullLength()
    {
        assertEquals(ID, PsyncReply.parse("+CONTINUE " + ID).replid());
        assertNull(PsyncReply.parse("+CONTINUE").replid());
        assertNull(PsyncReply.parse("+CONTINUE " + ID + "0").replid());
        assertNull(PsyncReply.parse("+CONTINUE " + ID.substring(1)).replid());
        assertEquals(PsyncReply.Kind.CONTINUE, PsyncReply.parse("+CONTINUE x").kind());
    }

    @Test
    void shouldTellPassingRefusalsFromLastingOnes()
    {
        assertEquals(PsyncReply.Kind.WAIT, PsyncReply.parse("").kind());
        assertEquals(PsyncReply.Kind.TRANSIENT, PsyncReply.parse("-NOMASTERLINK Can't SYNC").kind());
        assertEquals(PsyncReply.Kind.TRANSIENT, PsyncReply.parse("-LOADING Redis is loading").kind());
        assertEquals(PsyncReply.Kind.UNSUPPORTED, PsyncReply.parse("-ERR unknown command").kind());
        assertEquals(PsyncReply.Kind.UNEXPECTED, PsyncReply.parse("+DUALCHANNELSYNC").kind());
        assertEquals(PsyncReply.Kind.UNEXPECTED, PsyncReply.parse("garbage").kind());
    }
}
