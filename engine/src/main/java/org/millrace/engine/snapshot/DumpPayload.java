package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Crc64;
import org.millrace.engine.base.Layout;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * The payload of DUMP and RESTORE: RDB type, value, RDB version (2 bytes), CRC-64 of all before (8 bytes), both
 * little-endian. Writing is static; reading needs an instance, which owns the room for a compressed value. One per
 * writer thread.
 */
@Layout(value = "Payload of DUMP and RESTORE: frozen", then = {"RDB type, 1 byte",
    "the value as in an RDB record, without its key", "RDB version, 2 bytes", "CRC-64 of all before, 8 bytes"})
public final class DumpPayload implements AutoCloseable
{
    public enum Verdict
    {
        /** The builder has the value: commit or abort is to follow. */
        OK,
        /** The payload is good, but memory ran out. */
        NO_MEMORY,
        /** Redis answers "DUMP payload version or checksum are wrong". */
        BAD_VERSION_OR_CHECKSUM,
        /** Redis answers "Bad data format". */
        BAD_FORMAT,
        /** A good payload of a type that this node does not hold: {@link #type} and {@link #typeName}. */
        UNSUPPORTED_TYPE
    }

    /** Version in the trailer of what DUMP gives: every peer from Redis 5 on takes it. */
    public static final int COMMON_VERSION = 9;

    /** Header and end of a bulk string. */
    private static final int BULK_FRAME_MAX = 32;

    private static final int VERSION_LENGTH = 2;
    private static final int TRAILER_LENGTH = VERSION_LENGTH + RdbDescriptor.CHECKSUM_LENGTH;
    private static final int TYPE_LENGTH = 1;

    private final RdbInput input = new RdbInput();
    private final ValueReaders readers = new ValueReaders();
    private int type;
    private int version;
    private boolean isChecksumSkipped;

    /** Bytes that {@link #write} gives for this entry. */
    public static long length(final long entry)
    {
        final long value = Entry.value(entry);
        final ValueLayout layout = ValueLayout.of(Entry.type(entry));
        return TYPE_LENGTH + layout.recordLength(layout.payload(value)) + TRAILER_LENGTH;
    }

    /**
     * Write the payload of an entry.
     *
     * @param runs for the call's own use.
     * @param rdbVersion goes into the trailer; peers of older versions refuse the payload. 9 suits every peer. That of a hash
     *                   with deadlines says at least which version can hold them, whatever is asked for.
     * @param target room for {@link #length} bytes.
     */
    public static void write(final ValueRuns runs, final long entry, final int rdbVersion, final long target)
    {
        final int type = Entry.type(entry);
        Memory.putByte(target, (byte)type);
        long at = target + TYPE_LENGTH;
        runs.record(type, ValueLayout.of(type).payload(Entry.value(entry)));
        while (runs.next())
        {
            if (0 == runs.address())
            {
                Memory.set(at, runs.length(), (byte)0);
            }
            else
            {
                Memory.copy(runs.address(), at, runs.length());
            }

            at += runs.length();
        }

        final boolean isExpiring = CollectionLayout.EXPIRING_HASH == type;
        Memory.putShort(at, (short)(isExpiring ? Math.max(rdbVersion, ExpiringHashLayout.SINCE_VERSION) : rdbVersion));
        at += VERSION_LENGTH;
        Memory.putLong(at, Crc64.update(0, target, at - target));
    }

    /**
     * Write the payload of an entry as a bulk string, in the version that suits every peer.
     *
     * @throws org.millrace.engine.resp.ReplyTooLongException if there is no room for it.
     */
    public static void writeBulk(final ReplyWriter target, final ValueRuns runs, final long entry)
    {
        final long length = length(entry);
        final OutBuffer out = target.buffer();
        out.require(length + BULK_FRAME_MAX);
        target.bulkHeader(length);
        write(runs, entry, COMMON_VERSION, out.claim((int)length));
        out.advance((int)length);
        target.bulkEnd();
    }

    /**
     * Check a payload and have its value made, up to but without the commit.
     *
     * @return the verdict; unless it is OK the builder is not open. The payload stays where it is until the builder is
     *         told to commit or abort, and {@link #clear} comes after that.
     */
    public Verdict read(final long address, final int length, final ValueBuilder builder)
    {
        if (length < TYPE_LENGTH + TRAILER_LENGTH)
        {
            return Verdict.BAD_VERSION_OR_CHECKSUM;
        }

        final long trailer = address + length - TRAILER_LENGTH;
        version = Memory.getShort(trailer) & 0xFFFF;
        final long checksum = Memory.getLong(trailer + VERSION_LENGTH);
        if (!RdbDescriptor.isRead(version) || !isChecksumSkipped &&
            checksum != Crc64.update(0, address, length - RdbDescriptor.CHECKSUM_LENGTH))
        {
            return Verdict.BAD_VERSION_OR_CHECKSUM;
        }

        type = Memory.getUnsignedByte(address);
        final ValueReader reader = readers.of(type, version);
        if (null == reader)
        {
            return type < RdbDescriptor.OPCODE_MIN ? Verdict.UNSUPPORTED_TYPE : Verdict.BAD_FORMAT;
        }

        input.reset();
        input.wrap(address + TYPE_LENGTH, length - TYPE_LENGTH - TRAILER_LENGTH);
        return verdict(reader, builder);
    }

    private Verdict verdict(final ValueReader reader, final ValueBuilder builder)
    {
        final int result = reader.read(input, builder);
        if (ValueReader.DONE == result && input.at == input.end)
        {
            return Verdict.OK;
        }

        if (ValueReader.NOT_TAKEN == result && ValueBuilder.NO_MEMORY == reader.builderResult())
        {
            return Verdict.NO_MEMORY;
        }

        if (ValueReader.DONE == result)
        {
            builder.abort();
        }

        reader.abandon(builder);
        return Verdict.BAD_FORMAT;
    }

    /** What is wrong with a payload of {@link Verdict#BAD_FORMAT}. */
    public String error()
    {
        return null == input.error ? "more bytes than the value has, or elements that there may be once" : input.error;
    }

    /** For tests of what stands behind a wrong checksum: it is not looked at. */
    public void skipChecksum(final boolean isSkipped)
    {
        isChecksumSkipped = isSkipped;
    }

    public int type()
    {
        return type;
    }

    /** RDB version of the payload read last: who knows only older ones refuses it. */
    public int version()
    {
        return version;
    }

    public String typeName()
    {
        return RdbDescriptor.typeName(type);
    }

    /** Give back the room of a large value; the reader stays usable. */
    public void clear()
    {
        input.reset();
    }

    @Override
    public void close()
    {
        input.close();
        readers.close();
    }
}
