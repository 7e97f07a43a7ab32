package org.millrace.engine.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.RdbLoader;

/** Loads a data set file in bounded steps. */
final class FileLoad implements AutoCloseable
{
    private static final int STEP = 256 * 1024;

    private final SnapshotStore.Source source;
    private final RdbLoader loader;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
    private final long address = Memory.address(buffer);
    private long loaded;
    private String error;

    FileLoad(final SnapshotStore.Source source, final RdbLoader loader)
    {
        this.source = source;
        this.loader = loader;
    }

    /** @return true when it is over: {@link #error()} is null if the whole file has been loaded. */
    boolean step()
    {
        try
        {
            buffer.clear();
            final int length = source.read(buffer);
            if (length < 0)
            {
                error = "unexpected end of file at byte " + loaded;
                return true;
            }

            loaded += length;
            int at = 0;
            while (at < length && RdbLoader.State.LOADING == loader.state())
            {
                at += loader.consume(address + at, length - at);
                if (loader.isAtData())
                {
                    loader.startData();
                }
            }
        }
        catch (final IOException e)
        {
            error = e.getMessage();
            return true;
        }

        if (RdbLoader.State.LOADING == loader.state())
        {
            return false;
        }

        error = RdbLoader.State.FAILED == loader.state() ? loader.error() : null;
        return true;
    }

    String error()
    {
        return error;
    }

    RdbLoader loader()
    {
        return loader;
    }

    long loaded()
    {
        return loaded;
    }

    @Override
    public void close()
    {
        loader.close();
        source.close();
        Memory.free(buffer);
    }
}
