package org.millrace.engine.snapshot;

import java.io.ByteArrayOutputStream;

/**
 * Writes the packed forms of small values by hand for tests, as Redis of their time wrote them. Elements are Long or
 * Integer, written as numbers in the fewest bytes, or anything else, whose text is written.
 */
final class PackedBytes
{
    private static final int COUNT_UNKNOWN = 0xFFFF;

    private PackedBytes()
    {
    }

    static byte[] listpack(final Object... elements)
    {
        final RdbBytes body = new RdbBytes();
        for (final Object element : elements)
        {
            final byte[] form = element instanceof Number number
                ? listpackNumber(number.longValue())
                : listpackText(RdbBytes.ascii(element.toString()));
            body.raw(form).raw(backLength(form.length));
        }

        final byte[] content = body.toBytes();
        return new RdbBytes()
            .littleEndian(6 + content.length + 1, 4)
            .littleEndian(Math.min(COUNT_UNKNOWN, elements.length), 2)
            .raw(content).bytes(0xFF).toBytes();
    }

    private static byte[] listpackNumber(final long value)
    {
        final RdbBytes form = new RdbBytes();
        if (value >= 0 && value < 128)
        {
            form.bytes((int)value);
        }
        else if (value >= -4096 && value < 4096)
        {
            form.bytes((int)(0xC0 | value >> 8 & 0x1F), (int)value);
        }
        else if ((short)value == value)
        {
            form.bytes(0xF1).littleEndian(value, 2);
        }
        else if (value >= -(1 << 23) && value < 1 << 23)
        {
            form.bytes(0xF2).littleEndian(value, 3);
        }
        else if ((int)value == value)
        {
            form.bytes(0xF3).littleEndian(value, 4);
        }
        else
        {
            form.bytes(0xF4).littleEndian(value, 8);
        }

        return form.toBytes();
    }

    private static byte[] listpackText(final byte[] text)
    {
        final RdbBytes form = new RdbBytes();
        if (text.length < 64)
        {
            form.bytes(0x80 | text.length);
        }
        else if (text.length < 4096)
        {
            form.bytes(0xE0 | text.length >> 8, text.length);
        }
        else
        {
            form.bytes(0xF0).littleEndian(text.length, 4);
        }

        return form.raw(text).toBytes();
    }

    private static byte[] backLength(final int length)
    {
        final int size = length <= 127 ? 1 : length < 16383 ? 2 : length < 2097151 ? 3 : 4;
        final byte[] bytes = new byte[size];
        for (int i = size - 1, rest = length; i >= 0; i--, rest >>>= 7)
        {
            bytes[i] = (byte)(rest & 127 | (i > 0 ? 128 : 0));
        }

        return bytes;
    }

    static byte[] ziplist(final Object... elements)
    {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int before = 0;
        int tail = 10;
        for (final Object element : elements)
        {
            final RdbBytes entry = new RdbBytes();
            if (before < 254)
            {
                entry.bytes(before);
            }
            else
            {
                entry.bytes(254).littleEndian(before, 4);
            }

            entry.raw(element instanceof Number number
                ? ziplistNumber(number.longValue())
                : ziplistText(RdbBytes.ascii(element.toString())));
            final byte[] bytes = entry.toBytes();
            tail = 10 + content.size();
            content.writeBytes(bytes);
            before = bytes.length;
        }

        return new RdbBytes()
            .littleEndian(10 + content.size() + 1, 4).littleEndian(tail, 4)
            .littleEndian(Math.min(COUNT_UNKNOWN, elements.length), 2)
            .raw(content.toByteArray()).bytes(0xFF).toBytes();
    }

    private static byte[] ziplistNumber(final long value)
    {
        final RdbBytes form = new RdbBytes();
        if (value >= 0 && value <= 12)
        {
            form.bytes((int)(0xF1 + value));
        }
        else if ((byte)value == value)
        {
            form.bytes(0xFE, (int)value);
        }
        else if ((short)value == value)
        {
            form.bytes(0xC0).littleEndian(value, 2);
        }
        else if (value >= -(1 << 23) && value < 1 << 23)
        {
            form.bytes(0xF0).littleEndian(value, 3);
        }
        else if ((int)value == value)
        {
            form.bytes(0xD0).littleEndian(value, 4);
        }
        else
        {
            form.bytes(0xE0).littleEndian(value, 8);
        }

        return form.toBytes();
    }

    private static byte[] ziplistText(final byte[] text)
    {
        final RdbBytes form = new RdbBytes();
        if (text.length < 64)
        {
            form.bytes(text.length);
        }
        else if (text.length < 16384)
        {
            form.bigEndian(0x4000 | text.length, 2);
        }
        else
        {
            form.bytes(0x80).bigEndian(text.length, 4);
        }

        return form.raw(text).toBytes();
    }

    static byte[] intset(final int width, final long... integers)
    {
        final RdbBytes bytes = new RdbBytes().littleEndian(width, 4).littleEndian(integers.length, 4);
        for (final long integer : integers)
        {
            bytes.littleEndian(integer, width);
        }

        return bytes.toBytes();
    }

    /** Fields and values in turn; every value has some bytes free behind it. */
    static byte[] zipmap(final String... strings)
    {
        final RdbBytes bytes = new RdbBytes().bytes(Math.min(254, strings.length / 2));
        for (int i = 0; i < strings.length; i++)
        {
            final int free = i % 4;
            if (strings[i].length() < 254)
            {
                bytes.bytes(strings[i].length());
            }
            else
            {
                bytes.bytes(254).littleEndian(strings[i].length(), 4);
            }

            if (1 == i % 2)
            {
                bytes.bytes(free).text(strings[i]).raw(new byte[free]);
            }
            else
            {
                bytes.text(strings[i]);
            }
        }

        return bytes.bytes(0xFF).toBytes();
    }
}
