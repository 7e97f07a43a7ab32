package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

import org.millrace.engine.memory.Crc64;

/** Writes RDB data by hand for tests, with every encoding that any writer may use. */
public final class RdbBytes
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static RdbBytes image(final int version)
    {
        return new RdbBytes().text(String.format("REDIS%04d", version));
    }

    static byte[] ascii(final String text)
    {
        return text.getBytes(ISO_8859_1);
    }

    RdbBytes raw(final byte[] bytes)
    {
        out.writeBytes(bytes);
        return this;
    }

    RdbBytes text(final String text)
    {
        return raw(ascii(text));
    }

    public RdbBytes bytes(final int... values)
    {
        for (final int value : values)
        {
            out.write(value);
        }

        return this;
    }

    RdbBytes littleEndian(final long value, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            out.write((int)(value >>> 8 * i));
        }

        return this;
    }

    RdbBytes bigEndian(final long value, final int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            out.write((int)(value >>> 8 * i));
        }

        return this;
    }

    RdbBytes length(final long value)
    {
        if (value >= 0 && value < 64)
        {
            return bytes((int)value);
        }

        if (value >= 0 && value < 16384)
        {
            return bigEndian(0x4000 | value, 2);
        }

        return value >= 0 && value <= 0xFFFF_FFFFL ? length32(value) : length64(value);
    }

    RdbBytes length32(final long value)
    {
        return bytes(0x80).bigEndian(value, 4);
    }

    RdbBytes length64(final long value)
    {
        return bytes(0x81).bigEndian(value, 8);
    }

    RdbBytes string(final byte[] value)
    {
        return length(value.length).raw(value);
    }

    public RdbBytes string(final String value)
    {
        return string(ascii(value));
    }

    RdbBytes lzf(final byte[] value)
    {
        final byte[] compressed = LzfCompressor.compress(value);
        return bytes(0xC3).length(compressed.length).length(value.length).raw(compressed);
    }

    RdbBytes aux(final String name, final String value)
    {
        return bytes(250).string(name).string(value);
    }

    public RdbBytes select(final int database)
    {
        return bytes(254).length(database);
    }

    RdbBytes deadline(final long epochMs)
    {
        return bytes(252).littleEndian(epochMs, 8);
    }

    public RdbBytes entry(final String key, final String value)
    {
        return bytes(0).string(key).string(value);
    }

    public byte[] end()
    {
        bytes(255);
        final byte[] body = out.toByteArray();
        return littleEndian(Crc64.update(0, body, 0, body.length), 8).toBytes();
    }

    byte[] toBytes()
    {
        return out.toByteArray();
    }
}
