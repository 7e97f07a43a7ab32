package org.millrace.io.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest
{
    @Test
    void shouldMakeLinesOfOptions()
    {
        assertOptions("port \"7000\" ", "--port", "7000");
        assertOptions("port \"7000\" \nreplicaof \"127.0.0.1\" \"8888\" ",
            "--port", "7000", "--replicaof", "127.0.0.1", "8888");
        assertOptions("port 7000 \nhz \"5\" ", "--port 7000", "--hz", "5");
        assertOptions("shutdown-on-sigint \"nosave force\" ", "--shutdown-on-sigint", "nosave force");
    }

    @Test
    void shouldTakeTwoDashesAsValueWhenOneIsMissing()
    {
        assertOptions("requirepass \"--secret\" \nport \"1\" ", "--requirepass", "--secret", "--port", "1");
    }

    @Test
    void shouldReadSaveWithoutValueAsEmpty()
    {
        assertOptions("save \"\" ", "--save", "");
        assertOptions("save \"\"", "--save");
        assertOptions("save \"\"\nport \"1\" ", "--save", "--port", "1");
    }

    @Test
    void shouldFindFileAndStandardInput()
    {
        final CommandLine both = parse("conf/../redis.conf", "--port", "1", "-");
        assertEquals(Path.of("/cwd/redis.conf"), both.file());
        assertTrue(both.isStandardInputRead());
        assertEquals("port \"1\" ", both.options());
        assertEquals(Path.of("/abs"), parse("/abs").file());

        final CommandLine input = parse("-");
        assertNull(input.file());
        assertTrue(input.isStandardInputRead());
        assertFalse(parse("--port", "1").isStandardInputRead());
        assertTrue(parse().isEmpty());
        assertFalse(parse("-").isEmpty());
    }

    @Test
    void shouldKnowWhatIsNotAStart()
    {
        assertEquals(CommandLine.Action.VERSION, parse("--version").action());
        assertEquals(CommandLine.Action.VERSION, parse("-v").action());
        assertEquals(CommandLine.Action.USAGE, parse("--help").action());
        assertEquals(CommandLine.Action.REFUSED, parse("--test-memory", "1").action());
        assertEquals(CommandLine.Action.RUN, parse("x", "--version").action());
    }

    private static void assertOptions(final String expected, final String... args)
    {
        assertEquals(expected, parse(args).options());
    }

    private static CommandLine parse(final String... args)
    {
        return CommandLine.parse(args, Path.of("/cwd"));
    }

    @Test
    void shouldNameOwnOptionsInItsHelp()
    {
        final String usage = CommandLine.usage();

        assertTrue(usage.contains("Usage: ./millrace server [/path/to/redis.conf]"), usage);
        for (final String own : List.of("threading shared|dedicated", "idle-strategy backoff|busy-spin",
            "reader-threads <value>", "late-joiners ", "repl-backlog-max-size ", "backlog-dir ", "rdb-version "))
        {
            assertTrue(usage.contains("  --" + own), own);
        }
    }
}
