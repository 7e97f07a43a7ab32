package org.millrace.engine.node.clients;

import java.util.Arrays;
import org.millrace.engine.memory.Memory;

/** Bytes as a map key: a channel, a pattern, a watched key. A probe may be pointed at other bytes again and again. */
final class ByteKey
{
    private byte[] bytes;
    private int length;
    private int hash;

    ByteKey(final byte[] bytes)
    {
        this.bytes = bytes;
        length = bytes.length;
        rehash();
    }

    /** An empty probe for lookups; never put into a map. */
    static ByteKey probe()
    {
        return new ByteKey(new byte[64]);
    }

    ByteKey wrap(final long address, final int count)
    {
        if (bytes.length < count)
        {
            bytes = new byte[count];
        }

        Memory.copy(address, bytes, 0, count);
        length = count;
        rehash();
        return this;
    }

    /** A key of its own, fit for a map. */
    ByteKey copy()
    {
        return new ByteKey(Arrays.copyOf(bytes, length));
    }

    byte[] bytes()
    {
        return bytes;
    }

    int length()
    {
        return length;
    }

    @Override
    public int hashCode()
    {
        return hash;
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof ByteKey that && hash == that.hash &&
            Arrays.equals(bytes, 0, length, that.bytes, 0, that.length);
    }

    private void rehash()
    {
        int h = 1;
        for (int i = 0; i < length; i++)
        {
            h = 31 * h + bytes[i];
        }

        hash = h;
    }
}
