package org.millrace.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Bytes an element of collections with their keys, everything included: of blocks in use, held in slabs, and of the
 * process where the system says so. Prints a table; the argument is how many elements each shape has in all.
 */
public final class CollectionMemory
{
    private static final int SMALL = 10;
    private static final int KEY_LENGTH = 11;
    private static final int BUFFER_LENGTH = 256;
    private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");

    private final int count;

    private CollectionMemory(final int count)
    {
        this.count = count;
    }

    public static void main(final String[] args) throws IOException
    {
        final CollectionMemory memory = new CollectionMemory(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000);
        System.out.println("shape, bytes an element     | in use |  held |   Pss");
        memory.hashes("hashes of 10 x (8 + 16)", SMALL, 8, 16);
        memory.hashes("1 hash of all x (13 + 32)", memory.count, 13, 32);
    }

    /** @param size fields of each hash. */
    private void hashes(final String shape, final int size, final int fieldLength, final int valueLength)
        throws IOException
    {
        final long before = proportional();
        final long buffer = Memory.reserve(BUFFER_LENGTH);
        try (OffHeap memory = new OffHeap(0); DataSet data = new DataSet(memory, 1, 1))
        {
            final SplittableRandom random = new SplittableRandom(1);
            final Keyspace keyspace = data.keyspace(0);
            final HashValue hash = Values.of(data).hashes();
            final long field = buffer + KEY_LENGTH;
            for (int number = 0; number < count; number++)
            {
                text(buffer, KEY_LENGTH, number / size);
                text(field, fieldLength, number);
                text(field + fieldLength, valueLength, random.nextLong());
                final long entry = keyspace.find(buffer, KEY_LENGTH);
                hash.open(keyspace, buffer, KEY_LENGTH, entry);
                hash.put(field, fieldLength, field + fieldLength, valueLength);
            }

            data.doWork();
            print(shape, memory, proportional() - before);
        }

        Memory.release(buffer);
    }

    /** Letters that tell numbers apart. */
    private static void text(final long target, final int length, final long number)
    {
        long rest = number;
        for (int i = length - 1; i >= 0; i--)
        {
            Memory.putByte(target + i, (byte)('a' + (int)Long.remainderUnsigned(rest, 26)));
            rest = Long.divideUnsigned(rest, 26);
        }
    }

    /** Proportional set size of this process in bytes; 0 where the system does not say. */
    private static long proportional() throws IOException
    {
        if (!Files.isReadable(ROLLUP))
        {
            return 0;
        }

        for (final String line : Files.readAllLines(ROLLUP))
        {
            if (line.startsWith("Pss:"))
            {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }

        return 0;
    }

    private void print(final String shape, final OffHeap memory, final long processBytes)
    {
        System.out.printf(
            Locale.ROOT,
            "%-27s | %6.1f | %5.1f | %5.1f%n",
            shape,
            (double)memory.usedBytes() / count,
            (double)memory.heldBytes() / count,
            (double)processBytes / count);
    }
}
