package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;

/**
 * Makes the next version of a string value: old bytes are kept where nothing is written, chunks that do not change
 * are shared with the old version, and nothing is seen by anyone before {@link #commit}. One per writer thread.
 */
public final class StringEditor
{
    public StringEditor(final DataSet data)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Begin a version of {@code length} bytes.
     *
     * @param base entry whose value is kept (bytes past its length are zero), or 0 for none: then the content is
     *             undefined (chunked: zero) until written.
     * @param flags {@code Entry.RAW} or 0.
     * @return false if memory ran out; nothing has changed and nothing is to be aborted.
     */
    public boolean begin(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long base,
        final long length,
        final long deadlineMs,
        final int flags)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Write bytes of the new version. False if memory ran out: then {@link #abort}. */
    public boolean write(final long offset, final long source, final long length)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Read a byte of the new version as it stands now. */
    public int byteAt(final long offset)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Publish. False if memory for the index ran out; the version is dropped, nothing has changed. */
    public boolean commit()
    {
        throw new IllegalStateException("skeleton");
    }

    public void abort()
    {
        throw new IllegalStateException("skeleton");
    }

    /** The whole of SET: begin, write, commit. False: no memory, nothing changed. */
    public boolean set(
        final Keyspace keyspace,
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        throw new IllegalStateException("skeleton");
    }
}
