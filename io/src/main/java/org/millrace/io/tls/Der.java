package org.millrace.io.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** As much of the encoding of keys as it takes to put an older form of them into the newer one, PKCS#8. */
final class Der
{
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;

    /** Tag of the curve of an elliptic key in its older form. */
    static final int CURVE = 0xA0;

    private static final int LENGTH_BYTES_MAX = 3;

    private final byte[] bytes;
    private int at;
    private final int end;

    Der(final byte[] bytes)
    {
        this(bytes, 0, bytes.length);
    }

    private Der(final byte[] bytes, final int start, final int end)
    {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    boolean isAtEnd()
    {
        return at >= end;
    }

    /** The tag of the next element. */
    int tag() throws IOException
    {
        if (isAtEnd())
        {
            throw new IOException("the key is cut off");
        }

        return bytes[at] & 0xFF;
    }

    /** Step into the next element, which has to be of this kind; this one goes on behind it. */
    Der enter(final int tag) throws IOException
    {
        if (tag() != tag)
        {
            throw new IOException("the key has another form");
        }

        at++;
        final int length = length();
        if (length > end - at)
        {
            throw new IOException("the key is cut off");
        }

        at += length;
        return new Der(bytes, at - length, at);
    }

    /** Step over the next element. */
    void skip() throws IOException
    {
        enter(tag());
    }

    /** What is left. */
    byte[] rest()
    {
        return Arrays.copyOfRange(bytes, at, end);
    }

    private int length() throws IOException
    {
        final int first = tag();
        at++;
        if (first < 0x80)
        {
            return first;
        }

        final int count = first & 0x7F;
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            length = length << 8 | tag();
            at++;
        }

        if (count > LENGTH_BYTES_MAX)
        {
            throw new IOException("the key has another form");
        }

        return length;
    }

    /** An element of these parts. */
    static byte[] element(final int tag, final byte[]... parts)
    {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (final byte[] part : parts)
        {
            content.writeBytes(part);
        }

        final ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        final int length = content.size();
        // In as few bytes as it takes, or it is not read.
        final int count = length < 0x80 ? 0 : (39 - Integer.numberOfLeadingZeros(length)) / Byte.SIZE;
        element.write(0 == count ? length : 0x80 | count);
        for (int i = count - 1; i >= 0; i--)
        {
            element.write(length >>> i * Byte.SIZE);
        }

        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
