package org.millrace.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceCursor;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceView;
import org.millrace.engine.memory.Memory;

/** A sorted set of a node within this process, read and written by the embedding API; a put is handed over. */
final class NodeBoard extends Board
{
    private final Path directory;
    private final MillraceNode node;
    private final MillraceReader reader;
    private final UnsafeBuffer name = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
    private final UnsafeBuffer member = new UnsafeBuffer(ByteBuffer.allocateDirect(KeySequence.KEY_LENGTH));

    NodeBoard(final int entries)
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

    private UnsafeBuffer member()
    {
        members.write(Memory.address(member));
        return member;
    }

    @Override
    void put(final double score)
    {
        node.writer().sortedSetAdd(0, name, member(), score);
    }

    @Override
    double score()
    {
        return reader.score(0, name, member());
    }

    @Override
    long rank()
    {
        return reader.rank(0, name, member());
    }

    @Override
    double top()
    {
        double sum = 0;
        try (MillraceView view = reader.openView())
        {
            final MillraceCursor top = view.sortedSetByRank(0, name, -TOP, -1).descending();
            while (top.next())
            {
                sum += top.score();
            }
        }

        return sum;
    }

    @Override
    long size()
    {
        node.writer().flush();
        return reader.sortedSetSize(0, name);
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
