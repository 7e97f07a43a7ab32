package org.millrace.kit.resp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes commands as RESP arrays of bulk strings into one growing byte array, ready to be written to a socket.
 * Allocates only when it grows. Not thread-safe.
 */
public final class CommandBuffer
{
    private static final int INITIAL_CAPACITY = 4096;
    private static final int NUMBER_LENGTH_MAX = 20;

    /** Two, since the length of a number's text is formatted while its digits wait. */
    private final byte[] digits = new byte[NUMBER_LENGTH_MAX];
    private final byte[] headerDigits = new byte[NUMBER_LENGTH_MAX];
    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int length;
    private int commandCount;

    /**
     * Forgets the content, keeps the memory.
     */
    public CommandBuffer clear()
    {
        length = 0;
        commandCount = 0;
        return this;
    }

    /**
     * Starts a command of {@code argumentCount} arguments, its name included; exactly so many must follow.
     */
    public CommandBuffer begin(final int argumentCount)
    {
        commandCount++;
        return header((byte)'*', argumentCount);
    }

    /**
     * Appends one argument.
     */
    public CommandBuffer argument(final byte[] argument)
    {
        return argument(argument, 0, argument.length);
    }

    /**
     * Appends one argument out of an array.
     */
    public CommandBuffer argument(final byte[] source, final int offset, final int argumentLength)
    {
        header((byte)'$', argumentLength);
        ensure(argumentLength + 2);
        System.arraycopy(source, offset, bytes, length, argumentLength);
        length += argumentLength;
        return lineEnd();
    }

    /**
     * Appends one argument: the number in decimal.
     */
    public CommandBuffer argument(final long number)
    {
        final int start = format(number, digits);
        return argument(digits, start, digits.length - start);
    }

    /**
     * Appends one argument: prefix and zero-padded decimal index, so that all have the same length.
     */
    public CommandBuffer key(final byte[] prefix, final long index, final int digitCount)
    {
        header((byte)'$', prefix.length + digitCount);
        ensure(prefix.length + digitCount + 2);
        System.arraycopy(prefix, 0, bytes, length, prefix.length);
        length += prefix.length;

        long rest = index;
        for (int i = digitCount - 1; i >= 0; i--)
        {
            bytes[length + i] = (byte)('0' + (rest % 10));
            rest /= 10;
        }

        length += digitCount;
        return lineEnd();
    }

    /**
     * Appends one whole command given as text. Convenient, not for hot loops.
     */
    public CommandBuffer command(final String... arguments)
    {
        begin(arguments.length);
        for (final String argument : arguments)
        {
            argument(argument.getBytes(StandardCharsets.UTF_8));
        }

        return this;
    }

    /**
     * The bytes; valid from 0 to {@link #length()}, until the next change.
     */
    public byte[] array()
    {
        return bytes;
    }

    /**
     * Number of valid bytes.
     */
    public int length()
    {
        return length;
    }

    /**
     * Number of commands begun since the last {@link #clear()}.
     */
    public int commandCount()
    {
        return commandCount;
    }

    private CommandBuffer header(final byte type, final long number)
    {
        final int start = format(number, headerDigits);
        final int digitCount = headerDigits.length - start;
        ensure(digitCount + 3);
        bytes[length++] = type;
        System.arraycopy(headerDigits, start, bytes, length, digitCount);
        length += digitCount;
        return lineEnd();
    }

    private CommandBuffer lineEnd()
    {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return this;
    }

    private static int format(final long number, final byte[] target)
    {
        int position = target.length;
        // Counts down from a negative number, since Long.MIN_VALUE has no positive counterpart.
        long rest = number > 0 ? -number : number;
        do
        {
            target[--position] = (byte)('0' - (rest % 10));
            rest /= 10;
        }
        while (0 != rest);

        if (number < 0)
        {
            target[--position] = '-';
        }

        return position;
    }

    private void ensure(final int more)
    {
        if (length + more > bytes.length)
        {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
