package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** A file without keys, for who wants no more: function libraries, or nothing. It has no checksum: eight zeros say so. */
public final class DatalessSnapshot
{
    private static final int OLDEST_VERSION = 9;
    private static final int LENGTH_OF_32_BITS = 0x80;

    private DatalessSnapshot()
    {
    }

    /** @param libraries their sources, as they are kept. */
    public static byte[] of(final List<byte[]> libraries)
    {
        final int version = libraries.isEmpty() ? OLDEST_VERSION : RdbDescriptor.FUNCTIONS_SINCE_VERSION;
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(String.format(Locale.ROOT, "REDIS%04d", version).getBytes(US_ASCII));
        for (final byte[] source : libraries)
        {
            out.write(RdbDescriptor.OPCODE_FUNCTION2);
            out.write(LENGTH_OF_32_BITS);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(source.length).array());
            out.writeBytes(source);
        }

        out.write(RdbDescriptor.OPCODE_EOF);
        out.writeBytes(new byte[RdbDescriptor.CHECKSUM_LENGTH]);
        return out.toByteArray();
    }
}
