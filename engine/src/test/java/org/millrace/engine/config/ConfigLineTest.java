package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfigLineTest
{
    @Test
    void shouldSplitAtBlanks()
    {
        assertEquals(List.of("a", "b", "c"), ConfigLine.split("  a\tb \r c\n"));
        assertEquals(List.of(), ConfigLine.split("   "));
    }

    @Test
    void shouldReadQuotes()
    {
        assertEquals(List.of("save", ""), ConfigLine.split("save \"\""));
        assertEquals(List.of("save", ""), ConfigLine.split("save ''"));
        assertEquals(List.of("a b", "it's"), ConfigLine.split("\"a b\" 'it\\'s'"));
        assertEquals(List.of("a\n\u0007\u00ffA\\q\"x"), ConfigLine.split("\"a\\n\\a\\xff\\x41\\\\\\q\\\"x\""));
        assertEquals(List.of("a\\nb"), ConfigLine.split("'a\\nb'"));
        assertEquals(List.of("pre post"), ConfigLine.split("pre\" post\""));
        assertEquals(List.of("#x"), ConfigLine.split("#x"));
    }

    @Test
    void shouldRefuseQuotesThatDoNotFit()
    {
        assertNull(ConfigLine.split("a \"b"));
        assertNull(ConfigLine.split("a 'b"));
        assertNull(ConfigLine.split("\"a\"b"));
        assertNull(ConfigLine.split("'a'b"));
        assertNull(ConfigLine.split("\"a\\"));
    }

    @Test
    void shouldReadBackWhatItQuotes()
    {
        final long seed = 7;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++)
        {
            final StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(12); left > 0; left--)
            {
                text.append((char)random.nextInt(256));
            }

            final String quoted = ConfigLine.quote(text.toString());
            assertEquals(List.of(text.toString()), ConfigLine.split(quoted), quoted + ", seed " + seed);
        }
    }
}
