package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Calls that are nearly valid: each argument in turn in a wrong form, left out, or one too many. */
final class Mutations
{
    /** In the place of what is a number, a name or free text. */
    static final List<String> VALUES = List.of(
        "",
        "abc",
        "-1",
        "0",
        "10",
        "1.5",
        "+1",
        " 1",
        "1 ",
        "01",
        "1e3",
        "0x10",
        "nan",
        "inf",
        "-9223372036854775808",
        "9223372036854775807",
        "9223372036854775808",
        "4294967296");

    private static final List<String> WORDS = List.of("", "BAD", "1");

    private Mutations()
    {
    }

    /** @param fixed leading words that stay: the command's name. The call itself comes first. */
    static Set<List<String>> of(final List<String> call, final int fixed)
    {
        final Set<List<String>> calls = new LinkedHashSet<>();
        calls.add(call);
        for (int i = fixed; i < call.size(); i++)
        {
            final String word = call.get(i);
            if (isToken(word))
            {
                calls.add(with(call, i, word.toLowerCase(Locale.ROOT)));
            }

            for (final String value : isToken(word) ? WORDS : VALUES)
            {
                calls.add(with(call, i, value));
            }

            final List<String> shorter = new ArrayList<>(call);
            shorter.remove(i);
            calls.add(shorter);
        }

        final List<String> longer = new ArrayList<>(call);
        longer.add("extra");
        calls.add(longer);
        return calls;
    }

    private static List<String> with(final List<String> call, final int index, final String word)
    {
        final List<String> changed = new ArrayList<>(call);
        changed.set(index, word);
        return changed;
    }

    static boolean isToken(final String word)
    {
        return word.length() > 1 && word.matches("[A-Z][A-Z0-9_-]*");
    }
}
