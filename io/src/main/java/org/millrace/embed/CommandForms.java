package org.millrace.embed;

import java.nio.charset.StandardCharsets;
import org.agrona.AsciiEncoding;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.millrace.engine.memory.DoubleText;

/**
 * The forms that the commands of {@link MillraceWriter} have, written where the writer's thread reads them, into the ring
 * of a {@link CommandInbox}: numbers, too, of which no string is made. Any thread; without state of its own.
 *
 * <p>All methods but {@link #copy} return true, or false if nothing was handed over for lack of room.
 */
final class CommandForms
{
    private static final byte[] PX = {'P', 'X'};
    private static final byte[] MAXLEN = {'M', 'A', 'X', 'L', 'E', 'N'};
    private static final byte[] ABOUT = {'~'};
    private static final byte[] NEXT_ID = {'*'};

    /** The ring is full and the caller does not want to wait. */
    private static final int NO_ROOM = -1;

    /** Too long for the ring, or from the writer's own thread, which must not wait for itself. */
    private static final int AS_OBJECT = -2;

    private final CommandInbox inbox;
    private final BackPressure backPressure;
    private final int databases;

    CommandForms(final CommandInbox inbox, final BackPressure backPressure, final int databases)
    {
        this.inbox = inbox;
        this.backPressure = backPressure;
        this.databases = databases;
    }

    /** Name and key. */
    boolean text(final int database, final byte[] name, final DirectBuffer key)
    {
        final int claimed = begin(database, 2, name.length + (long)key.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key));
        }

        word(claimed, 1, word(claimed, 0, bodyOffset(claimed, 2), name), key);
        return end(claimed);
    }

    /** Name, key and a text. */
    boolean text(final int database, final byte[] name, final DirectBuffer key, final DirectBuffer text)
    {
        final int claimed = begin(database, 3, name.length + (long)key.capacity() + text.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(text));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3), name);
        at = word(claimed, 1, at, key);
        word(claimed, 2, at, text);
        return end(claimed);
    }

    /** Name, key and two texts. */
    boolean text(
        final int database,
        final byte[] name,
        final DirectBuffer key,
        final DirectBuffer first,
        final DirectBuffer second)
    {
        final int claimed = begin(
            database, 4, name.length + (long)key.capacity() + first.capacity() + second.capacity());
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(first), bytes(second));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 4), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, first);
        word(claimed, 3, at, second);
        return end(claimed);
    }

    /** Name, key and many texts. */
    boolean texts(final int database, final byte[] name, final DirectBuffer key, final DirectBuffer[] texts)
    {
        final int claimed = begin(database, 2 + texts.length, name.length + key.capacity() + total(texts));
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, words(texts, name, bytes(key)));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 2 + texts.length), name);
        at = word(claimed, 1, at, key);
        words(claimed, 2, at, texts);
        return end(claimed);
    }

    /** Name, key and a number. */
    boolean number(final int database, final byte[] name, final DirectBuffer key, final long number)
    {
        final int digits = digits(number);
        final int claimed = begin(database, 3, name.length + (long)key.capacity() + digits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(number));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3), name);
        at = word(claimed, 1, at, key);
        word(claimed, 2, at, number, digits);
        return end(claimed);
    }

    /** Name, key and two numbers. */
    boolean numbers(
        final int database, final byte[] name, final DirectBuffer key, final long first, final long second)
    {
        final int firstDigits = digits(first);
        final int secondDigits = digits(second);
        final int claimed = begin(database, 4, name.length + (long)key.capacity() + firstDigits + secondDigits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(first), bytes(second));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 4), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, first, firstDigits);
        word(claimed, 3, at, second, secondDigits);
        return end(claimed);
    }

    /** Name, key, a text and a number. */
    boolean textAndNumber(
        final int database, final byte[] name, final DirectBuffer key, final DirectBuffer text, final long number)
    {
        final int digits = digits(number);
        final int claimed = begin(database, 4, name.length + (long)key.capacity() + text.capacity() + digits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(text), bytes(number));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 4), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, text);
        word(claimed, 3, at, number, digits);
        return end(claimed);
    }

    /** Name, key, a text and a number that may have a fraction. */
    boolean textAndNumber(
        final int database, final byte[] name, final DirectBuffer key, final DirectBuffer text, final double number)
    {
        final int claimed = begin(
            database, 4, name.length + (long)key.capacity() + text.capacity() + DoubleText.LENGTH_MAX);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(text), bytes(number));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 4), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, text);
        word(claimed, 3, at, number);
        return end(claimed);
    }

    /** Name, key, a number that may have a fraction, and a text. */
    boolean numberAndText(
        final int database, final byte[] name, final DirectBuffer key, final double number, final DirectBuffer text)
    {
        final int claimed = begin(
            database, 4, name.length + (long)key.capacity() + text.capacity() + DoubleText.LENGTH_MAX);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, name, bytes(key), bytes(number), bytes(text));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 4), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, number);
        word(claimed, 3, at, text);
        return end(claimed);
    }

    /** Name, key, a text, and PX with a number. */
    boolean expiring(
        final int database,
        final byte[] name,
        final DirectBuffer key,
        final DirectBuffer text,
        final long expireAfterMs)
    {
        final int digits = digits(expireAfterMs);
        final int claimed = begin(
            database, 5, name.length + (long)key.capacity() + text.capacity() + PX.length + digits);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(
                database, name, bytes(key), bytes(text), PX, bytes(expireAfterMs));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 5), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, text);
        at = word(claimed, 3, at, PX);
        word(claimed, 4, at, expireAfterMs, digits);
        return end(claimed);
    }

    /** Name, key, * and many texts. */
    boolean entry(final int database, final byte[] name, final DirectBuffer key, final DirectBuffer[] texts)
    {
        final int claimed = begin(
            database, 3 + texts.length, name.length + key.capacity() + NEXT_ID.length + total(texts));
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, words(texts, name, bytes(key), NEXT_ID));
        }

        int at = word(claimed, 0, bodyOffset(claimed, 3 + texts.length), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, NEXT_ID);
        words(claimed, 3, at, texts);
        return end(claimed);
    }

    /** Name, key, MAXLEN ~ with a number, * and many texts. */
    boolean entry(
        final int database, final byte[] name, final DirectBuffer key, final long maxLength, final DirectBuffer[] texts)
    {
        final int digits = digits(maxLength);
        final int count = 6 + texts.length;
        final int claimed = begin(database, count, name.length + key.capacity() + MAXLEN.length + ABOUT.length +
            digits + NEXT_ID.length + total(texts));
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(
                database, words(texts, name, bytes(key), MAXLEN, ABOUT, bytes(maxLength), NEXT_ID));
        }

        int at = word(claimed, 0, bodyOffset(claimed, count), name);
        at = word(claimed, 1, at, key);
        at = word(claimed, 2, at, MAXLEN);
        at = word(claimed, 3, at, ABOUT);
        at = word(claimed, 4, at, maxLength, digits);
        at = word(claimed, 5, at, NEXT_ID);
        words(claimed, 6, at, texts);
        return end(claimed);
    }

    /** Words as arrays. */
    boolean words(final int database, final byte[][] words)
    {
        long length = 0;
        for (final byte[] word : words)
        {
            length += word.length;
        }

        final int claimed = begin(database, words.length, length);
        if (claimed < 0)
        {
            return NO_ROOM != claimed && asObject(database, copy(words));
        }

        int at = bodyOffset(claimed, words.length);
        for (int i = 0; i < words.length; i++)
        {
            at = word(claimed, i, at, words[i]);
        }

        return end(claimed);
    }

    /** Claim a message for that many words. */
    private int begin(final int database, final int count, final long bytes)
    {
        if (database < 0 || database >= databases)
        {
            throw new IllegalArgumentException("DB index is out of range: " + database + " of " + databases);
        }

        final long length = CommandInbox.LENGTHS_OFFSET + (long)count * BitUtil.SIZE_OF_INT + bytes;
        if (length > inbox.lengthMax() || inbox.isWriterThread())
        {
            return AS_OBJECT;
        }

        final int index = BackPressure.WAIT == backPressure ? inbox.claim((int)length) : inbox.tryClaim((int)length);
        if (index < 0)
        {
            return NO_ROOM;
        }

        inbox.buffer().putInt(index + CommandInbox.DATABASE_OFFSET, database);
        inbox.buffer().putInt(index + CommandInbox.COUNT_OFFSET, count);
        return index;
    }

    private boolean end(final int claimed)
    {
        inbox.commit(claimed);
        return true;
    }

    private boolean asObject(final int database, final byte[]... words)
    {
        inbox.add(database, words, null);
        return true;
    }

    private static int bodyOffset(final int claimed, final int count)
    {
        return claimed + CommandInbox.LENGTHS_OFFSET + count * BitUtil.SIZE_OF_INT;
    }

    private int word(final int claimed, final int number, final int at, final byte[] word)
    {
        length(claimed, number, word.length);
        inbox.buffer().putBytes(at, word);
        return at + word.length;
    }

    private int word(final int claimed, final int number, final int at, final DirectBuffer word)
    {
        length(claimed, number, word.capacity());
        inbox.buffer().putBytes(at, word, 0, word.capacity());
        return at + word.capacity();
    }

    private int word(final int claimed, final int number, final int at, final long word, final int digits)
    {
        length(claimed, number, digits);
        inbox.buffer().putLongAscii(at, word);
        return at + digits;
    }

    private int word(final int claimed, final int number, final int at, final double word)
    {
        final int length = DoubleText.format(inbox.address(at), word);
        length(claimed, number, length);
        return at + length;
    }

    private void words(final int claimed, final int first, final int at, final DirectBuffer[] words)
    {
        int next = at;
        for (int i = 0; i < words.length; i++)
        {
            next = word(claimed, first + i, next, words[i]);
        }
    }

    private void length(final int claimed, final int number, final int length)
    {
        inbox.buffer().putInt(claimed + CommandInbox.LENGTHS_OFFSET + number * BitUtil.SIZE_OF_INT, length);
    }

    private static long total(final DirectBuffer[] texts)
    {
        long total = 0;
        for (int i = 0; i < texts.length; i++)
        {
            total += texts[i].capacity();
        }

        return total;
    }

    private static int digits(final long number)
    {
        if (Long.MIN_VALUE == number)
        {
            return AsciiEncoding.LONG_MAX_DIGITS + 1;
        }

        return number < 0 ? 1 + AsciiEncoding.digitCount(-number) : AsciiEncoding.digitCount(number);
    }

    private static byte[][] copy(final byte[][] words)
    {
        final byte[][] copies = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            copies[i] = words[i].clone();
        }

        return copies;
    }

    /** What comes first, then the texts. */
    private static byte[][] words(final DirectBuffer[] texts, final byte[]... first)
    {
        final byte[][] words = new byte[first.length + texts.length][];
        System.arraycopy(first, 0, words, 0, first.length);
        for (int i = 0; i < texts.length; i++)
        {
            words[first.length + i] = bytes(texts[i]);
        }

        return words;
    }

    private static byte[] bytes(final DirectBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] bytes(final long number)
    {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Java's own form, which is read as the same number; only infinity has another name. */
    private static byte[] bytes(final double number)
    {
        final String text = Double.isInfinite(number) ? number > 0 ? "inf" : "-inf" : Double.toString(number);
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
