package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;

class PsyncRulesTest
{
    private static final String ID = "0d12dc43da719f33db0eeaeb408b0b0dca0cf2ec";
    private static final String OLD = "fad9f6f406c0d7fb319d4f2dec25275ccf8010f6";

    private final ReplicationHistory history = new ReplicationHistory(OLD);
    private final ReplicationStream stream = new ReplicationStream(history, 1 << 20);

    @BeforeEach
    void streamOf7819Bytes()
    {
        stream.endOffset(5000);
        history.shift(ID, 5000);
        stream.endOffset(4900);
        stream.activate(new MemorySegmentStorage(1 << 14));
        // Offsets 4901 to 7819 are held; the history changed its id behind offset 5000.
        final long address = org.millrace.engine.memory.Memory.reserve(2919);
        stream.appendVerbatim(address, 2919);
        org.millrace.engine.memory.Memory.release(address);
    }

    @AfterEach
    void release()
    {
        stream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "7820, CONTINUE", "7821, FULL_NOT_HELD", "7819, CONTINUE", "4901, CONTINUE", "4900, FULL_NOT_HELD",
        "0, FULL_NOT_HELD", "-1, FULL_NOT_HELD", "5001, CONTINUE", "5002, CONTINUE"})
    void shouldDecideUnderTheCurrentId(final long offset, final PsyncRules.Verdict verdict)
    {
        assertEquals(verdict, PsyncRules.decide(stream, ID, offset));
        assertEquals(verdict, PsyncRules.decide(stream, ID.toUpperCase(java.util.Locale.ROOT), offset));
    }

    @ParameterizedTest
    @CsvSource({
        "5001, CONTINUE", "5002, FULL_PAST_SWITCH", "4901, CONTINUE", "4900, FULL_NOT_HELD", "7820, FULL_PAST_SWITCH"})
    void shouldDecideUnderThePreviousId(final long offset, final PsyncRules.Verdict verdict)
    {
        assertEquals(5001, history.secondOffset());
        assertEquals(verdict, PsyncRules.decide(stream, OLD, offset));
    }

    @Test
    void shouldRefuseOtherHistories()
    {
        assertEquals(PsyncRules.Verdict.FULL_ASKED_FOR, PsyncRules.decide(stream, "?", -1));
        assertEquals(PsyncRules.Verdict.FULL_OTHER_HISTORY, PsyncRules.decide(stream, "1".repeat(40), 7820));
        assertEquals(PsyncRules.Verdict.FULL_OTHER_HISTORY, PsyncRules.decide(stream, "", 7820));
    }

    @Test
    void shouldNotTakeTheUnsetIdForAPreviousOne()
    {
        history.reset(ID);
        assertEquals(-1, history.secondOffset());
        assertEquals(
            PsyncRules.Verdict.FULL_PAST_SWITCH, PsyncRules.decide(stream, ReplicationHistory.NO_REPLID, 5001));
    }

    @Test
    void shouldRefuseWithoutRing()
    {
        stream.deactivate();
        assertEquals(PsyncRules.Verdict.FULL_NOT_HELD, PsyncRules.decide(stream, ID, 7820));
    }
}
