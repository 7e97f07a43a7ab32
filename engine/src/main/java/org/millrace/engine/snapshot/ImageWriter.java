package org.millrace.engine.snapshot;

import java.util.BitSet;

import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * Turns what a cut reports into the records of an image: which bytes, in which order. Owned by the snapshotter. An entry
 * is copied as it stands; a large value is written in steps, {@link #writePending}, so that no duty cycle takes longer
 * for it. {@link ImageOutput} puts the bytes into slices, {@link ImageSpool} decides where these stay.
 */
final class ImageWriter implements Cut.Sink
{
    /** Bytes of one step of a large value, about. */
    static final int STEP = 128 * 1024;

    private static final int SMALL_MAX = 32;

    private final Image image;
    private final ImageSpool spool;
    private final ImageOutput output;
    private final BitSet databasesSeen = new BitSet();

    /** A large value under way. */
    private final ValueRuns runs;

    private final long small = Memory.reserve(SMALL_MAX);
    private final int streamType;
    private boolean isPending;
    private boolean isEnded;

    /** @param memory that the cut's entries lie in. */
    ImageWriter(final Image image, final OffHeap memory, final ImageSpool spool)
    {
        this.image = image;
        this.spool = spool;
        output = new ImageOutput(image, spool);
        runs = new ValueRuns(memory);
        streamType = StreamLayout.typeIn(image.header().rdbVersion());
        runs.streamType(streamType);
    }

    /** Bytes put into the image in all; the caller measures its steps by it. */
    long bytesWritten()
    {
        return output.bytesWritten();
    }

    /** The cut has reported its end. */
    boolean isFinished()
    {
        return isEnded;
    }

    /** A large value is under way: {@link #writePending} is to be called. */
    boolean hasPending()
    {
        return isPending;
    }

    /** Write signature, AUX fields and function libraries. */
    void begin()
    {
        append(RdbHead.encode(image.header()));
        for (final byte[] source : image.functions())
        {
            Memory.putByte(small, (byte)RdbDescriptor.OPCODE_FUNCTION2);
            output.append(small, 1 + RdbLength.encode(small + 1, source.length));
            append(source);
        }

        output.publish();
    }

    private void append(final byte[] bytes)
    {
        final long address = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, address, bytes.length);
        output.append(address, bytes.length);
        Memory.release(address);
    }

    @Override
    public void onDatabase(final int index, final long keysInDatabase, final long volatileKeys)
    {
        int length = 0;
        Memory.putByte(small, (byte)RdbDescriptor.OPCODE_SELECTDB);
        length++;
        length += RdbLength.encode(small + length, index);
        if (!databasesSeen.get(index))
        {
            databasesSeen.set(index);
            Memory.putByte(small + length, (byte)RdbDescriptor.OPCODE_RESIZEDB);
            length++;
            length += RdbLength.encode(small + length, keysInDatabase);
            length += RdbLength.encode(small + length, volatileKeys);
        }

        output.append(small, length);
    }

    /** @return false if the value goes on: no other call may come until {@link #writePending} has returned true. */
    @Override
    public boolean onEntry(final long entry)
    {
        output.beginKey();
        output.append(small, image.usage().write(small, Entry.clock(entry)));
        final int type = Entry.type(entry);
        final long record = entry + Entry.HEADER_LENGTH;
        final long value = Entry.value(entry);
        final ValueLayout layout = ValueLayout.of(type);
        if (!layout.isLarge(value) && CollectionLayout.EXPIRING_HASH != type)
        {
            output.append(record, value + layout.headLength(value) - record);
            return true;
        }

        appendHead(record, Entry.typeAddress(entry), value, StreamLayout.TYPE == type ? streamType : type);
        runs.record(type, value);
        isPending = true;
        return writePending();
    }

    /** What comes before the value, which goes out in the form of a type. */
    private void appendHead(final long record, final long typeAddress, final long value, final int writtenType)
    {
        output.append(record, typeAddress - record);
        Memory.putByte(small, (byte)writtenType);
        output.append(small, 1);
        output.append(typeAddress + 1, value - typeAddress - 1);
    }

    /** Forget the value under way: the image has been aborted. */
    void abandonPending()
    {
        isPending = false;
    }

    /** Write on at a large value. @return true when none is under way. */
    boolean writePending()
    {
        for (long written = 0; isPending && written < STEP && !image.isAborted();)
        {
            isPending = runs.next();
            if (isPending)
            {
                output.append(runs);
                written += runs.length();
            }
        }

        isPending &= !image.isAborted();
        return !isPending;
    }

    @Override
    public void onEnd()
    {
        Memory.putByte(small, (byte)RdbDescriptor.OPCODE_EOF);
        output.append(small, 1);
        Memory.putLong(small, output.checksum());
        output.append(small, RdbDescriptor.CHECKSUM_LENGTH);
        isEnded = true;
        output.publish();
        if (!image.isAborted())
        {
            image.complete();
        }
    }

    /** Let readers see what was written. */
    void publish()
    {
        output.publish();
    }

    /** Bring slices out of memory; true if something was done. */
    boolean spool()
    {
        return !isEnded && spool.doWork();
    }

    /** Give back what this writer itself holds. */
    void close()
    {
        Memory.release(small);
    }
}
