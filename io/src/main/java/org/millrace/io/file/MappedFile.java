package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.MappedBytes;
import org.millrace.engine.memory.Memory;

/**
 * A file of fixed length, mapped whole for reading and writing. The only class that knows chronicle-bytes: its thread check
 * is off (the memory is used through raw addresses by several threads), its mappings are released by count and never by the
 * collector, its {@code sync} is not used.
 */
final class MappedFile
{
    private final MappedBytes bytes;
    private final ByteBuffer buffer;
    private final long address;

    /**
     * @param path of a file that is there and has all its blocks.
     * @throws IOException if it cannot be mapped.
     * @throws IllegalStateException the same, from within the library.
     */
    MappedFile(final Path path, final int length) throws IOException
    {
        // The library takes names as strings.
        try (PlainName directory = PlainName.of(path.getParent()))
        {
            bytes = MappedBytes.singleMappedBytes(directory.path().resolve(path.getFileName()).toFile(), length);
        }

        bytes.singleThreadedCheckDisabled(true);
        bytes.readLimit(length);
        // "Temporary" means: without a hold on the mapping, which is the contract of a segment.
        buffer = bytes.bytesStore().toTemporaryDirectByteBuffer();
        address = bytes.addressForRead(0);
        if (Memory.address(buffer) != address || buffer.capacity() != length)
        {
            unmap();
            throw new IOException("buffer and address differ for " + path);
        }
    }

    long address()
    {
        return address;
    }

    /** All of it; not to be moved, only duplicated. */
    ByteBuffer buffer()
    {
        return buffer;
    }

    /** The file has a hold on its mapping that closing the file does not end. */
    void unmap()
    {
        Memory.forget(buffer);
        final BytesStore<?, ?> store = bytes.bytesStore();
        bytes.releaseLast();
        if (store.refCount() > 0)
        {
            store.releaseLast();
        }
    }
}
