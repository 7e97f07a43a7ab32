package org.millrace.engine.tree;

/**
 * What an order of elements means where leaves are parted: rarely, so that these calls may be virtual. Whoever looks
 * for an element knows its order and does without.
 */
abstract class Order
{
    private final int words;
    private final boolean isHashed;

    /** @param words of a separator. @param isHashed the elements of a leaf stand in any order, with fingerprints. */
    Order(final int words, final boolean isHashed)
    {
        this.words = words;
        this.isHashed = isHashed;
    }

    final int words()
    {
        return words;
    }

    final boolean isHashed()
    {
        return isHashed;
    }

    /** First word of the separator of a leaf that begins with this element. */
    abstract long first(long element);

    /** Second word of it. */
    abstract long second(long element);

    /** Lists: no separators, the place is all. */
    static final class ByPosition extends Order
    {
        ByPosition()
        {
            super(0, false);
        }

        @Override
        long first(final long element)
        {
            return 0;
        }

        @Override
        long second(final long element)
        {
            return 0;
        }
    }
}
