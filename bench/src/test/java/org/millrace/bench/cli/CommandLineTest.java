package org.millrace.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--unknown | unknown option --unknown",
        "-x | unknown option -x",
        "--keys | option --keys needs a value",
        "--keys --quick | option --keys needs a value",
        "--quick=1 | option --quick takes no value"})
    void shouldRefuseWhatItDoesNotKnow(final String arguments, final String text)
    {
        assertEquals(text, assertThrows(UsageException.class, () -> parse(arguments.split(" "))).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "-1", "", "1.5", "k", "10000000000g"})
    void shouldRefuseWhatIsNoNumber(final String value)
    {
        final CommandLine line = parse("--keys=" + value);

        assertThrows(UsageException.class, () -> line.number("keys", 0));
        assertThrows(UsageException.class, () -> line.numbers("keys", 0, 9));
    }

    @Test
    void shouldHoldBounds()
    {
        assertEquals(9, parse("--keys", "9").number("keys", 0, 1, 9));
        assertThrows(UsageException.class, () -> parse("--keys", "10").number("keys", 0, 1, 9));
        assertArrayEquals(new long[]{1, 2_000}, parse("--keys", "1, 2k").numbers("keys", 1, 9_999));
    }

    @Test
    void shouldReadSuffixesWhateverTheLocale()
    {
        assertEquals(7, parse("--keys", "7").number("keys", 0));
        assertEquals(7_000, parse("--keys", "7k").number("keys", 0));
        assertEquals(2_000_000_000, parse("--keys", "2G").number("keys", 0));
    }

    @Test
    void shouldKnowHelpEverywhere()
    {
        assertTrue(parse("-h").wantsHelp());
        assertTrue(parse("--help").wantsHelp());
        assertFalse(parse("help").wantsHelp());
    }

    private static CommandLine parse(final String... arguments)
    {
        return new CommandLine(arguments, Set.of("keys", "name", "other"), Set.of("quick"));
    }
}
