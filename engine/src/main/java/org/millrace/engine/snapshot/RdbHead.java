package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

import org.millrace.engine.base.Check;

/**
 * The bytes of an image before its first database: signature, version and AUX fields, in the order and the encodings
 * in which Redis writes them. Allocates; once per image.
 */
final class RdbHead
{
    private static final int VERSION_MIN = 9;
    private static final int VERSION_MAX = RdbDescriptor.VERSION_MAX;
    private static final int LENGTH_6_BIT_MAX = 63;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    private RdbHead()
    {
    }

    static byte[] encode(final SnapshotHeader header)
    {
        final int version = header.rdbVersion();
        Check.that(VERSION_MIN <= version && version <= VERSION_MAX, "RDB version: version, max", version, VERSION_MAX);

        final RdbHead head = new RdbHead();
        head.out.writeBytes(ascii(version < 10 ? "REDIS000" + version : "REDIS00" + version));
        head.aux("redis-ver", RdbDescriptor.REDIS_VERSION);
        head.aux("redis-bits", RdbDescriptor.POINTER_BITS);
        head.aux("ctime", header.wallMs() / 1000);
        head.aux("used-mem", header.usedMemory());
        if (null != header.replid())
        {
            head.aux("repl-stream-db", header.streamDb());
            head.aux("repl-id", header.replid());
            head.aux("repl-offset", header.offset());
        }

        return head.out.toByteArray();
    }

    private void aux(final String name, final String value)
    {
        out.write(RdbDescriptor.OPCODE_AUX);
        string(name);
        string(value);
    }

    private void aux(final String name, final long value)
    {
        out.write(RdbDescriptor.OPCODE_AUX);
        string(name);
        if ((byte)value == value)
        {
            out.write(RdbDescriptor.STRING_INT8);
            littleEndian(value, 1);
        }
        else if ((short)value == value)
        {
            out.write(RdbDescriptor.STRING_INT16);
            littleEndian(value, 2);
        }
        else if ((int)value == value)
        {
            out.write(RdbDescriptor.STRING_INT32);
            littleEndian(value, 4);
        }
        else
        {
            string(Long.toString(value));
        }
    }

    private void string(final String value)
    {
        Check.that(value.length() <= LENGTH_6_BIT_MAX, "AUX text too long: length, max", value.length(), 63);
        out.write(value.length());
        out.writeBytes(ascii(value));
    }

    private void littleEndian(final long value, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            out.write((int)(value >>> 8 * i));
        }
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(US_ASCII);
    }
}
