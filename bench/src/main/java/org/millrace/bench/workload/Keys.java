package org.millrace.bench.workload;

import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;

/**
 * Names of keys: a prefix and a zero-padded number, 16 bytes in all unless the prefix is longer than 4. Immutable.
 */
public final class Keys
{
    /** The benchmark's usual keys: 16 bytes each. */
    public static final Keys DEFAULT = new Keys("key:", 12);

    private final byte[] prefix;
    private final int digitCount;

    /**
     * @param prefix     what every key starts with.
     * @param digitCount digits of the number, zero-padded.
     */
    public Keys(final String prefix, final int digitCount)
    {
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.digitCount = digitCount;
    }

    /**
     * Appends the key with this index as an argument.
     */
    public void append(final CommandBuffer buffer, final long index)
    {
        buffer.key(prefix, index, digitCount);
    }

    /**
     * Bytes of every key.
     */
    public int length()
    {
        return prefix.length + digitCount;
    }
}
