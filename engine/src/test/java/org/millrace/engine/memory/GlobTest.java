package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest
{
    @ParameterizedTest
    @CsvSource({
        "*, abc, true", "a*, abc, true", "*c, abc, true", "*b*, abc, true", "a?c, abc, true", "a??c, abc, false",
        "h[ae]llo, hallo, true", "h[ae]llo, hillo, false", "h[^e]llo, hallo, true", "h[^e]llo, hello, false",
        "h[a-c]llo, hbllo, true", "h[c-a]llo, hbllo, true", "h[a-c]llo, hdllo, false", "h\\*llo, h*llo, true",
        "h\\*llo, hello, false", "[abc, b, true", "[abc, d, false", "a\\, a\\, true", "a*b*c, axxbyyc, true",
        "a*b*c, axxbyy, false", "**, x, true", "a**, a, true", "[\\]], ], true", "[a-], -, false", "?, x, true",
        "abc, ab, false", "ab, abc, false", "[^], x, true",
    })
    void shouldMatch(final String pattern, final String text, final boolean isMatching)
    {
        assertEquals(isMatching, Glob.matches(pattern, text, false));
    }

    @Test
    void shouldMatchEmptyTextOnlyWithEmptyPattern()
    {
        assertEquals(true, Glob.matches("", "", false));
        assertEquals(false, Glob.matches("*", "", false));
        assertEquals(false, Glob.matches("", "x", false));
    }

    @Test
    void shouldRefuseAbusivePatterns()
    {
        final String text = "a".repeat(2000);
        assertEquals(true, Glob.matches("*?".repeat(1000), text, false));
        assertEquals(true, Glob.matches("*".repeat(5000), text, false));
        assertEquals(false, Glob.matches("*?".repeat(1001), text, false));
    }

    @Test
    void shouldIgnoreCaseWhenAsked()
    {
        assertEquals(true, Glob.matches("HEL[k-m]O", "hello", true));
        assertEquals(false, Glob.matches("HELLO", "hello", false));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void shouldAgreeWithRecursiveModel(final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            final String pattern = word(random, "ab*?", 8);
            final String text = "a" + word(random, "ab", 8);
            assertEquals(
                model(pattern, 0, text, 0),
                Glob.matches(pattern, text, false),
                "seed=" + seed + " pattern=" + pattern + " text=" + text);
        }
    }

    private static String word(final Random random, final String letters, final int lengthMax)
    {
        final StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(lengthMax + 1); i > 0; i--)
        {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }

        return word.toString();
    }

    private static boolean model(final String pattern, final int p, final String text, final int t)
    {
        if (p == pattern.length())
        {
            return t == text.length();
        }

        if ('*' == pattern.charAt(p))
        {
            return model(pattern, p + 1, text, t) || t < text.length() && model(pattern, p, text, t + 1);
        }

        return t < text.length() && ('?' == pattern.charAt(p) || pattern.charAt(p) == text.charAt(t)) &&
            model(pattern, p + 1, text, t + 1);
    }
}
