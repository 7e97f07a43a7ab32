package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.resp.ErrorKind;

/** What errors say to a replica that gets them for a command of its primary. */
class ErrorKindTest
{
    private static final int LIMIT = 1 << 20;

    private final CommandHarness harness = new CommandHarness(LIMIT);

    @BeforeEach
    void register()
    {
        DataCommands.register(harness.table);
    }

    @AfterEach
    void close()
    {
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SET k v NEWER, NOT_HELD",
        "GETEX k NEWER, NOT_HELD",
        "EXPIRE k 1 NEWER, NOT_HELD",
        "COPY k l NEWER, NOT_HELD",
        "BITFIELD k NEWER 1, NOT_HELD",
        "BITOP NEWER k l, NOT_HELD",
        "RESTORE l 0 bytes, NOT_HELD",
        "RESTORE l 0 bytes NEWER, NOT_HELD",
        "INCR k, REFUSED",
        "SETEX k 0 v, REFUSED",
        "RENAME none k, REFUSED",
        "RESTORE l -1 bytes, REFUSED",
        "PFADD k x, REFUSED"})
    void shouldTellWhetherThisNodeLacksSomething(final String line, final ErrorKind expected)
    {
        harness.line("SET k v");
        final String reply = harness.line(line);

        assertTrue(reply.startsWith("-"), reply);
        assertEquals(expected, harness.lastErrorKind(), reply);
    }

    @Test
    void shouldTellThatMemoryIsMissing()
    {
        final String reply = harness.run("SET", "k", "v".repeat(2 * LIMIT));

        assertTrue(reply.startsWith("-OOM "), reply);
        assertEquals(ErrorKind.NO_MEMORY, harness.lastErrorKind());
    }

    /** The kind is that of the last error, whatever came before. */
    @ParameterizedTest
    @CsvSource({"SET k v NEWER, INCR k, REFUSED", "INCR k, SET k v NEWER, NOT_HELD"})
    void shouldNotKeepKindOfErrorBefore(final String first, final String second, final ErrorKind expected)
    {
        harness.line("SET k v");
        harness.line(first);
        harness.line(second);

        assertEquals(expected, harness.lastErrorKind());
    }
}
