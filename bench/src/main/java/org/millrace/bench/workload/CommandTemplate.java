package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;

/**
 * Arguments of a command, or a part of them: words that stand as they are, and places ({@code key}, {@code name},
 * {@code value}, {@code score}, {@code id}) for what differs from one command to the next. Immutable.
 */
final class CommandTemplate
{
    private static final int SELECTOR_SHIFT = 48;

    /** What stands at a place. */
    private enum Part
    {
        WORD,
        KEY,
        NAME,
        VALUE,
        SCORE,
        ID
    }

    private final Part[] parts;
    private final byte[][] words;

    private CommandTemplate(final String[] texts)
    {
        parts = new Part[texts.length];
        words = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++)
        {
            words[i] = bytes(texts[i]);
            parts[i] = switch (texts[i])
            {
                case "key" -> Part.KEY;
                case "name" -> Part.NAME;
                case "value" -> Part.VALUE;
                case "score" -> Part.SCORE;
                case "id" -> Part.ID;
                default -> Part.WORD;
            };
        }
    }

    /**
     * @param text arguments with a blank between them.
     */
    static CommandTemplate of(final String text)
    {
        return new CommandTemplate(text.split(" "));
    }

    /** Number of arguments. */
    int length()
    {
        return parts.length;
    }

    /**
     * Appends the arguments.
     *
     * @param key         number of the key.
     * @param element     number of the element within its value.
     * @param selector    chooses values and scores; equal ones give equal bytes.
     * @param valueLength bytes of each value.
     */
    void append(
        final CommandBuffer buffer,
        final Shape shape,
        final Values values,
        final int key,
        final int element,
        final long selector,
        final int valueLength)
    {
        for (int i = 0; i < parts.length; i++)
        {
            switch (parts[i])
            {
                case WORD -> buffer.argument(words[i]);
                case KEY -> shape.appendKey(buffer, key);
                case NAME -> shape.appendName(buffer, key, element);
                // Several values of one command differ.
                case VALUE -> values.append(buffer, selector ^ (long)i << SELECTOR_SHIFT, valueLength);
                case SCORE -> shape.appendScore(buffer, selector);
                case ID -> shape.appendId(buffer, element);
                default -> throw new IllegalStateException(parts[i].name());
            }
        }
    }

    static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
