package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what lies behind the key of an RDB record, as anybody would who knows the format. For tests. */
public final class RdbRecord
{
    private final ByteBuffer bytes;

    public RdbRecord(final byte[] record)
    {
        bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A length. */
    public long length()
    {
        final int first = bytes.get() & 0xFF;
        return switch (first >>> 6)
        {
            case 0 -> first;
            case 1 -> (first & 0x3F) << 8 | bytes.get() & 0xFF;
            default -> {
                if (0x81 == first)
                {
                    yield Long.reverseBytes(bytes.getLong());
                }

                if (0x80 != first)
                {
                    throw new IllegalArgumentException("no length: " + first);
                }

                yield Integer.reverseBytes(bytes.getInt()) & 0xFFFF_FFFFL;
            }
        };
    }

    /** A string, numbers as text. */
    public String string()
    {
        final int first = bytes.get(bytes.position()) & 0xFF;
        if (first >= 0xC0)
        {
            bytes.get();
            return switch (first)
            {
                case 0xC0 -> "" + bytes.get();
                case 0xC1 -> "" + bytes.getShort();
                case 0xC2 -> "" + bytes.getInt();
                default -> throw new IllegalArgumentException("no string: " + first);
            };
        }

        final byte[] text = new byte[(int)length()];
        bytes.get(text);
        return new String(text, ISO_8859_1);
    }

    /** A number of 64 bits. */
    public long int64()
    {
        return bytes.getLong();
    }

    /** A score. */
    public double score()
    {
        return bytes.getDouble();
    }

    public boolean isAtEnd()
    {
        return !bytes.hasRemaining();
    }
}
