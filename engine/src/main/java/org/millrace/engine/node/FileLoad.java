package org.millrace.engine.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.RdbLoader;

/** Loads a data set file in bounded steps, read and checked by another thread if there is one. */
final class FileLoad implements DataLoad
{
    private static final int STEP = 256 * 1024;

    private final SnapshotStore.Source source;
    private final SnapshotStore.ReadAhead ahead;
    private final boolean isChecked;
    private final RdbLoader loader;

    /** Null if another thread reads. */
    private final ByteBuffer buffer;

    /** Of the piece under way, and what is left of it. */
    private long at;
    private long end;
    private long loaded;
    private boolean hasWaited;
    private String error;

    /** @param isChecked whether the loader compares the checksum. */
    FileLoad(final SnapshotStore.Source source, final RdbLoader loader, final boolean isChecked)
    {
        this.source = source;
        this.loader = loader;
        this.isChecked = isChecked;
        ahead = source.readAhead(isChecked);
        buffer = null == ahead ? ByteBuffer.allocateDirect(STEP) : null;
    }

    @Override
    public boolean step()
    {
        try
        {
            final int length = at < end ? (int)(end - at) : next();
            hasWaited = SnapshotStore.ReadAhead.NONE_YET == length;
            if (length < 0)
            {
                error = "unexpected end of file at byte " + loaded;
                return true;
            }
        }
        catch (final IOException e)
        {
            error = e.getMessage();
            return true;
        }

        consume(Math.min(end, at + STEP));
        if (RdbLoader.State.LOADING == loader.state())
        {
            return false;
        }

        error = RdbLoader.State.FAILED == loader.state() ? loader.error() : null;
        return true;
    }

    private int next() throws IOException
    {
        final int length;
        if (null == ahead)
        {
            buffer.clear();
            length = source.read(buffer);
            at = Memory.address(buffer);
        }
        else
        {
            length = ahead.poll();
            at = ahead.address();
        }

        end = at + Math.max(0, length);
        if (isChecked && null != ahead && length > 0)
        {
            loader.checked(at, length, ahead.checksum());
        }

        return length;
    }

    private void consume(final long stepEnd)
    {
        while (at < stepEnd && RdbLoader.State.LOADING == loader.state())
        {
            final int consumed = loader.consume(at, (int)(stepEnd - at));
            at += consumed;
            loaded += consumed;
            if (loader.isAtData())
            {
                loader.startData();
            }
        }
    }

    @Override
    public boolean hasWaited()
    {
        return hasWaited;
    }

    @Override
    public String error()
    {
        return error;
    }

    @Override
    public long keysLoaded()
    {
        return loader.keysLoaded();
    }

    RdbLoader loader()
    {
        return loader;
    }

    @Override
    public long loaded()
    {
        return loaded;
    }

    @Override
    public void close()
    {
        loader.close();
        if (null == ahead)
        {
            source.close();
            Memory.free(buffer);
        }
        else
        {
            ahead.close();
        }
    }
}
