package org.millrace.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;

/**
 * A node within this process, read through {@link MillraceReader} as a program that embeds it does, time of day and
 * checks included. It is written to through its writer thread, which is for filling it and not measured.
 */
final class NodeStore extends Store
{
    private static final int KEYS_PER_COMMAND = 1000;

    private final byte[][] values = KeySequence.values();
    private final Path directory;
    private final MillraceNode node;
    private final MillraceReader reader;
    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(KeySequence.KEY_LENGTH);
    private final ByteBuffer targetBuffer = ByteBuffer.allocateDirect(VALUE_LENGTH);
    private final UnsafeBuffer key = new UnsafeBuffer(keyBuffer);
    private final UnsafeBuffer target = new UnsafeBuffer(targetBuffer);

    NodeStore(final int entries)
    {
        super(entries);
        try
        {
            directory = Files.createTempDirectory("millrace-jmh");
            node = MillraceNode.builder().directory(directory).log((level, message) ->
            {
            }).open();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }

        reader = node.openReader();
    }

    @Override
    void fill()
    {
        for (int first = 0; first < entries; first += KEYS_PER_COMMAND)
        {
            final int count = Math.min(KEYS_PER_COMMAND, entries - first);
            final byte[][] words = new byte[1 + 2 * count][];
            words[0] = new byte[]{'M', 'S', 'E', 'T'};
            for (int i = 0; i < count; i++)
            {
                keys.at(first + i);
                words[1 + 2 * i] = new byte[KeySequence.KEY_LENGTH];
                keys.write(words[1 + 2 * i]);
                words[2 + 2 * i] = values[(int)keys.stamp()];
            }

            node.command(0, words).join();
        }

        verifySize();
    }

    @Override
    void put()
    {
        throw new UnsupportedOperationException("a node is written to by commands");
    }

    @Override
    long get()
    {
        keys.write(Memory.address(key));
        final long length = reader.get(0, key, target);
        misses += VALUE_LENGTH == length ? 0 : 1;
        return length;
    }

    @Override
    void remove()
    {
        throw new UnsupportedOperationException("a node is written to by commands");
    }

    @Override
    int visitSome()
    {
        throw new UnsupportedOperationException("a reader reads single keys");
    }

    @Override
    long size()
    {
        return (Long)node.command("DBSIZE").join();
    }

    @Override
    long stampRead()
    {
        return Memory.getLong(Memory.address(target));
    }

    @Override
    public void close()
    {
        reader.close();
        node.close();
        // Some files of a node stay when it has closed.
        IoUtil.delete(directory.toFile(), false);
    }
}
