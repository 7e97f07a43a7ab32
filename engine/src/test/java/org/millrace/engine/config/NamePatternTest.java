package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NamePatternTest
{
    @Test
    void shouldMatchSetsRangesAndEscapes()
    {
        check("h[^a-y]", "hz", true);
        check("h[^a-z]", "hz", false);
        check("[z-a]z", "hz", true);
        check("\\*", "*", true);
        check("\\*", "x", false);
        check("a[\\]]b", "a]b", true);
        check("***", "", true);
        check("?", "", false);
        check("h[z", "hz", true);
    }

    @Test
    void shouldAgreeWithRegularExpressions()
    {
        final long seed = 42;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++)
        {
            final String pattern = word(random, "ab*?", 8);
            final String name = word(random, "ab", 10);
            final boolean expected = Pattern.matches(pattern.replace("*", ".*").replace('?', '.'), name);
            assertEquals(
                expected, new NamePattern(pattern).matches(name), pattern + " on " + name + ", seed " + seed);
        }
    }

    private static void check(final String pattern, final String name, final boolean isMatch)
    {
        assertEquals(isMatch, new NamePattern(pattern).matches(name), pattern + " on " + name);
    }

    private static String word(final SplittableRandom random, final String letters, final int lengthMax)
    {
        final StringBuilder word = new StringBuilder();
        for (int left = random.nextInt(lengthMax + 1); left > 0; left--)
        {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }

        return word.toString();
    }
}
