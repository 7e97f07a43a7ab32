package org.millrace.engine.datatype;

import org.millrace.engine.value.IntsetLayout;

/**
 * Changes the intset of the key that an editor has open: in its place where nobody else sees it and the entry has room,
 * else another takes its place. False is for want of memory: then nothing has changed. Writer thread.
 */
final class IntsetEditor
{
    private final CollectionEditor editor;

    IntsetEditor(final CollectionEditor editor)
    {
        this.editor = editor;
    }

    /** Give a key that has no entry an intset of one integer. */
    boolean make(final long number)
    {
        final int width = Intset.widthOf(number);
        final long to = editor.rewrite(IntsetLayout.TYPE, IntsetLayout.sizeOf(Intset.blobLength(width, 1)));
        if (0 == to)
        {
            return false;
        }

        Intset.put(Intset.begin(to, width, 1), width, 0, number);
        return editor.publish();
    }

    /** @param index where it belongs. @param width of integers from now on. */
    boolean insert(final long number, final long index, final int width)
    {
        final long value = editor.value();
        final long length = Intset.blobLength(width, IntsetLayout.count(value) + 1);
        if (width == IntsetLayout.width(value) && mayChangeInPlace(value, length))
        {
            Intset.insert(value, index, number);
            return true;
        }

        final long to = editor.rewrite(IntsetLayout.TYPE, IntsetLayout.sizeOf(length));
        if (0 == to)
        {
            return false;
        }

        Intset.writeInserted(value, index, number, width, to);
        return editor.publish();
    }

    /** Take out the integer at {@code index}, of more than one. */
    boolean remove(final long index)
    {
        final long value = editor.value();
        final long length = IntsetLayout.blobLength(value) - IntsetLayout.width(value);
        if (mayChangeInPlace(value, length))
        {
            Intset.remove(value, index);
            return true;
        }

        final long to = editor.rewrite(IntsetLayout.TYPE, IntsetLayout.sizeOf(length));
        if (0 == to)
        {
            return false;
        }

        Intset.writeRemoved(value, index, to);
        return editor.publish();
    }

    /** True if the value may change where it is: also, its length takes as many bytes as before. */
    private boolean mayChangeInPlace(final long value, final long blobLength)
    {
        final long length = IntsetLayout.sizeOf(blobLength);
        return length - blobLength == IntsetLayout.blob(value) - value && editor.mayChangeInPlace(length);
    }
}
