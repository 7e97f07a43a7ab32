package org.millrace.engine.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Random command lines of one type of values, right and wrong ones, over few keys; all from one seed. They are made from
 * the templates in {@code lines/<type>.txt}, one a line, as words between blanks:
 * <pre>
 *   %m            a value of this kind, see {@link LineValues}; within a word, too: #%n
 *   {NX|XX GT|}   one of these, the last one being nothing
 *   (%m %v)*      once, or a few times, or now and then very often
 *   3 HSET ...    a number in front: that many times as likely
 *   # ...         a note
 * </pre>
 */
public final class LineMaker
{
    private static final int OFTEN_ONE_IN = 60;
    private static final int OFTEN_MIN = 20;
    private static final int OFTEN_RANGE = 200;

    private final Random random;
    private final LineValues values;
    private final List<String> templates = new ArrayList<>();

    /**
     * @param type that there is a file of.
     * @param isHeld whether there is a command of this upper-case name; the templates of others are left out.
     */
    public LineMaker(final String type, final Random random, final Predicate<String> isHeld)
    {
        this.random = random;
        values = new LineValues(type, random);
        read(type).forEach((line) -> add(line, isHeld));
    }

    private static List<String> read(final String type)
    {
        final String name = "lines/" + type + ".txt";
        try (BufferedReader reader = new BufferedReader(
            new InputStreamReader(LineMaker.class.getResourceAsStream(name), StandardCharsets.ISO_8859_1)))
        {
            return reader.lines().filter((line) -> !line.isBlank() && !line.startsWith("#")).toList();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(name, e);
        }
    }

    private void add(final String line, final Predicate<String> isHeld)
    {
        final int blank = line.indexOf(' ');
        final boolean isWeighted = Character.isDigit(line.charAt(0));
        final String template = isWeighted ? line.substring(blank + 1) : line;
        for (int i = isWeighted ? Integer.parseInt(line.substring(0, blank)) : 1; i > 0; i--)
        {
            if (isHeld.test(template.split(" ", 2)[0]))
            {
                templates.add(template);
            }
        }
    }

    /** False if no command of this type is held. */
    public boolean hasLines()
    {
        return !templates.isEmpty();
    }

    /** Words of the next command, a char a byte. */
    public List<String> next()
    {
        final List<String> words = new ArrayList<>();
        expand(templates.get(random.nextInt(templates.size())), words);
        return words;
    }

    private void expand(final String text, final List<String> words)
    {
        int at = 0;
        while (at < text.length())
        {
            at = ' ' == text.charAt(at) ? at + 1 : expandOne(text, at, words);
        }
    }

    /** @return index behind it. */
    private int expandOne(final String text, final int at, final List<String> words)
    {
        switch (text.charAt(at))
        {
            case '{' -> {
                final int end = behind(text, at);
                final List<String> choices = choices(text.substring(at + 1, end - 1));
                expand(choices.get(random.nextInt(choices.size())), words);
                return end;
            }
            case '(' -> {
                final int end = behind(text, at);
                for (int i = times(); i > 0; i--)
                {
                    expand(text.substring(at + 1, end - 1), words);
                }

                return end + "*".length();
            }
            default -> {
                final int blank = text.indexOf(' ', at);
                final int end = blank < 0 ? text.length() : blank;
                words.add(filled(text.substring(at, end)));
                return end;
            }
        }
    }

    /** Index behind the bracket that closes the one at {@code at}. */
    private static int behind(final String text, final int at)
    {
        int depth = 0;
        for (int i = at; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            depth += '{' == c || '(' == c ? 1 : '}' == c || ')' == c ? -1 : 0;
            if (0 == depth)
            {
                return i + 1;
            }
        }

        throw new IllegalArgumentException("a bracket is not closed: " + text);
    }

    private static List<String> choices(final String text)
    {
        final List<String> choices = new ArrayList<>();
        int from = 0;
        int depth = 0;
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            depth += '{' == c || '(' == c ? 1 : '}' == c || ')' == c ? -1 : 0;
            if ('|' == c && 0 == depth)
            {
                choices.add(text.substring(from, i));
                from = i + 1;
            }
        }

        choices.add(text.substring(from));
        return choices;
    }

    private int times()
    {
        return 0 == random.nextInt(OFTEN_ONE_IN)
            ? OFTEN_MIN + random.nextInt(OFTEN_RANGE)
            : 1 + random.nextInt(random.nextBoolean() ? 1 : 4);
    }

    private String filled(final String word)
    {
        final int mark = word.indexOf('%');
        return mark < 0
            ? word
            : word.substring(0, mark) + values.next(word.charAt(mark + 1)) + word.substring(mark + 2);
    }
}
