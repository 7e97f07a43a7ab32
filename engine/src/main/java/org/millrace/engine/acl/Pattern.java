package org.millrace.engine.acl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.memory.Memory;

/**
 * A pattern of names of keys or channels, kept where it can be compared with arguments in place. Most patterns are a
 * beginning and a star, which is one comparison. Immutable.
 */
final class Pattern
{
    private static final String SPECIAL = "*?[\\";

    private final String text;

    /** Owns the memory that {@link #address} is of. */
    private final ByteBuffer bytes;
    private final long address;
    private final int length;
    private final boolean isPrefix;

    Pattern(final String text)
    {
        this.text = text;
        length = text.length();
        bytes = ByteBuffer.allocateDirect(Math.max(1, length));
        bytes.put(text.getBytes(StandardCharsets.ISO_8859_1));
        address = Memory.address(bytes);
        isPrefix = isPrefix(text);
    }

    private static boolean isPrefix(final String text)
    {
        final int end = text.length() - 1;
        boolean isPlain = end > 0 && '*' == text.charAt(end);
        for (int i = 0; i < end; i++)
        {
            isPlain &= SPECIAL.indexOf(text.charAt(i)) < 0;
        }

        return isPlain;
    }

    boolean matches(final long name, final int nameLength)
    {
        return isPrefix
            ? nameLength >= length - 1 && Memory.equal(address, name, length - 1)
            : Glob.matches(address, length, name, nameLength, false);
    }

    /** As {@link #matches(long, int)}, for a name on the heap; allocates. */
    boolean matches(final String name)
    {
        return Glob.matches(text, name, false);
    }

    /** It is the very same text. */
    boolean is(final long name, final int nameLength)
    {
        return nameLength == length && Memory.equal(address, name, length);
    }

    /** As it was given. */
    String text()
    {
        return text;
    }

    /** Bytes that its memory has; never less than the text's. */
    int capacity()
    {
        return bytes.capacity();
    }
}
