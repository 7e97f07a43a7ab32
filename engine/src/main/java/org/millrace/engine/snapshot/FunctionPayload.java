package org.millrace.engine.snapshot;

import java.util.ArrayList;
import java.util.List;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.RdbLength;

/**
 * The payload of FUNCTION DUMP and FUNCTION RESTORE: libraries as they stand in a snapshot, RDB version and checksum.
 * Writer thread; rare.
 */
@Layout(value = "Payload of FUNCTION DUMP and FUNCTION RESTORE: frozen", then = {
    "for each library: opcode F5, and its source as a string", "RDB version, 2 bytes",
    "CRC-64 of all before, 8 bytes"})
public final class FunctionPayload
{
    private static final int VERSION_LENGTH = 2;
    private static final int TRAILER_LENGTH = VERSION_LENGTH + RdbDescriptor.CHECKSUM_LENGTH;

    /** Null, or what is wrong with the payload that was read last. */
    private String error;

    /** Bytes that {@link #write} gives. */
    public static long length(final List<byte[]> sources)
    {
        long length = TRAILER_LENGTH;
        for (final byte[] source : sources)
        {
            length += 1 + RdbLength.sizeOf(source.length) + source.length;
        }

        return length;
    }

    /** Write it. @param target room for {@link #length} bytes. */
    public static void write(final List<byte[]> sources, final long target)
    {
        long at = target;
        for (final byte[] source : sources)
        {
            Memory.putByte(at, (byte)RdbDescriptor.OPCODE_FUNCTION2);
            at++;
            at += RdbLength.encode(at, source.length);
            Memory.copy(source, 0, at, source.length);
            at += source.length;
        }

        // The oldest version that knows libraries: every server that has some takes it.
        Memory.putShort(at, (short)RdbDescriptor.FUNCTIONS_SINCE_VERSION);
        at += VERSION_LENGTH;
        Memory.putLong(at, Crc64.update(0, target, at - target));
    }

    /**
     * Take a payload apart.
     *
     * @return the sources of the libraries, or null: {@link #error}.
     */
    public List<byte[]> read(final long address, final int length)
    {
        error = null;
        final long trailer = address + length - TRAILER_LENGTH;
        if (length < TRAILER_LENGTH || !RdbDescriptor.isRead(Memory.getShort(trailer) & 0xFFFF) ||
            Memory.getLong(trailer + VERSION_LENGTH) != Crc64.update(
                0, address, (long)length - RdbDescriptor.CHECKSUM_LENGTH))
        {
            error = "ERR DUMP payload version or checksum are wrong";
            return null;
        }

        final List<byte[]> sources = new ArrayList<>();
        try (RdbInput input = new RdbInput())
        {
            input.wrap(address, length - TRAILER_LENGTH);
            while (null == error && input.at < input.end)
            {
                readLibrary(input, sources);
            }
        }

        return null == error ? sources : null;
    }

    private void readLibrary(final RdbInput input, final List<byte[]> sources)
    {
        final int opcode = Memory.getUnsignedByte(input.at);
        input.at++;
        if (RdbDescriptor.OPCODE_FUNCTION_PRE_GA == opcode)
        {
            error = "ERR Pre-GA function format not supported";
        }
        else if (RdbDescriptor.OPCODE_FUNCTION2 != opcode)
        {
            error = "ERR given type is not a function";
        }
        else if (RdbInput.READY != input.readString(Long.MAX_VALUE))
        {
            error = "ERR Failed loading library payload";
        }
        else
        {
            final byte[] source = new byte[(int)input.stringLength];
            Memory.copy(input.stringAddress, source, 0, source.length);
            sources.add(source);
        }
    }

    /** Text of the reply to a payload that was refused. */
    public String error()
    {
        return error;
    }
}
