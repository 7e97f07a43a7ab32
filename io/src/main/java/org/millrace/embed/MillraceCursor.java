package org.millrace.embed;

import org.agrona.DirectBuffer;
import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.value.CollectionLayout;

/**
 * Goes through the elements of a hash, set, sorted set or list that a {@link MillraceView} has found, or through a range
 * of them: all as the key had them at one moment, though the writer goes on. Nothing is copied and no garbage made.
 *
 * <pre>{@code
 * try (MillraceView view = reader.openView())
 * {
 *     MillraceCursor top = view.sortedSetByRank(0, board, -10, -1).descending();
 *     while (top.next())
 *     {
 *         top.element(player);                  // player now lies over the bytes of the data set
 *         double points = top.score();
 *     }
 * }
 * }</pre>
 *
 * It is the view's, one object for all that is found by it: finding something else, or another {@link #next}, ends what
 * it has shown before. All methods throw IllegalStateException once the view is closed.
 */
public final class MillraceCursor
{
    private final MillraceReader reader;
    private CollectionView elements;
    private int type;
    private boolean isAtElement;

    MillraceCursor(final MillraceReader reader)
    {
        this.reader = reader;
    }

    /** Go through the range that has been set. */
    MillraceCursor begin(final int collectionType, final CollectionView collection)
    {
        type = collectionType;
        elements = collection;
        isAtElement = false;
        return this;
    }

    /** What has been shown is shown no longer. */
    void leave()
    {
        isAtElement = false;
    }

    /** Elements that it goes through: 0 if there is no such key. */
    public long size()
    {
        reader.checkViewing();
        return elements.length();
    }

    /** Begin again, from the last element to the first. @return this. */
    public MillraceCursor descending()
    {
        reader.checkViewing();
        elements.descend();
        isAtElement = false;
        return this;
    }

    /** On to the next element; false if there is none. */
    public boolean next()
    {
        reader.checkViewing();
        isAtElement = elements.next();
        return isAtElement;
    }

    /**
     * The field of a hash, the member of a set or sorted set, or the item of a list. One beyond 32 KiB, which lies in
     * pieces, is put together first.
     *
     * @param target laid over it.
     */
    public void element(final DirectBuffer target)
    {
        checkElement();
        wrap(target, elements.text());
    }

    /**
     * The value of a hash's field, as {@link #element}.
     *
     * @throws IllegalStateException it is no hash that is gone through.
     */
    public void value(final DirectBuffer target)
    {
        checkElement();
        checkType(CollectionLayout.HASH, "elements without values: this is no hash");
        wrap(target, elements.secondText());
    }

    /** Score of a sorted set's member. @throws IllegalStateException it is no sorted set that is gone through. */
    public double score()
    {
        checkElement();
        checkType(CollectionLayout.SORTED_SET, "elements without scores: this is no sorted set");
        return elements.score();
    }

    /** Number of the element in the whole value, from 0 on: in a list its index, in a sorted set its rank. */
    public long index()
    {
        checkElement();
        return elements.number();
    }

    private static void wrap(final DirectBuffer target, final ElementText text)
    {
        target.wrap(text.address(), (int)text.length());
    }

    private void checkElement()
    {
        reader.checkViewing();
        if (!isAtElement)
        {
            throw new IllegalStateException("the cursor is at no element: next() comes first, and must be true");
        }
    }

    private void checkType(final int wanted, final String message)
    {
        if (wanted != type)
        {
            throw new IllegalStateException(message);
        }
    }
}
