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
        final long length = IntsetLayout.sizeOf(Intset.blobLength(width, IntsetLayout.count(value) + 1));
        final boolean isSameWidth = width == IntsetLayout.width(value);
        if (isSameWidth && editor.mayChangeInPlace(length))
        {
            Intset.insert(value, index, number);
            return true;
        }

        final long to = editor.rewrite(IntsetLayout.TYPE, length);
        if (0 == to)
        {
            final boolean hasRoom = isSameWidth && editor.canChangeInPlace(length);
            if (hasRoom)
            {
                Intset.insert(value, index, number);
            }

            return hasRoom;
        }

        Intset.writeInserted(value, index, number, width, to);
        return editor.publish();
    }

    /** Take out the integer at {@code index}, of more than one. */
    boolean remove(final long index)
    {
        final long value = editor.value();
        final long length = IntsetLayout.sizeOf(IntsetLayout.blobLength(value) - IntsetLayout.width(value));
        if (editor.mayChangeInPlace(length))
        {
            Intset.remove(value, index);
            return true;
        }

        final long to = editor.rewrite(IntsetLayout.TYPE, length);
        if (0 == to)
        {
            final boolean hasRoom = editor.canChangeInPlace(length);
            if (hasRoom)
            {
                Intset.remove(value, index);
            }

            return hasRoom;
        }

        Intset.writeRemoved(value, index, to);
        return editor.publish();
    }
}
