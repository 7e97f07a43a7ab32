package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

class CommandLineTest
{
    @Test
    void shouldTellWordsOptionsAndFlagsApart()
    {
        final CommandLine line = parse("a", "--keys", "3m", "--quick", "b", "--name=x=y");

        assertEquals(List.of("a", "b"), line.words());
        assertEquals(3_000_000, line.number("keys", 1));
        assertEquals("x=y", line.text("name", ""));
        assertTrue(line.has("quick"));
        assertFalse(line.has("other"));
        assertEquals(9, line.number("other", 9));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow()
    {
        assertThrows(IllegalArgumentException.class, () -> parse("--unknown"));
        assertThrows(IllegalArgumentException.class, () -> parse("--keys"));
        assertThrows(IllegalArgumentException.class, () -> parse("--keys", "many").number("keys", 0));
    }

    @Test
    void shouldReadSuffixes()
    {
        assertEquals(7, CommandLine.parse("n", "7"));
        assertEquals(7_000, CommandLine.parse("n", "7k"));
        assertEquals(2_000_000_000, CommandLine.parse("n", "2G"));
    }

    private static CommandLine parse(final String... arguments)
    {
        return new CommandLine(arguments, Set.of("keys", "name", "other"), Set.of("quick"));
    }
}
