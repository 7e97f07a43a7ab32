package org.millrace.engine.datatype;

import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.Thresholds;

/**
 * Which collections OBJECT ENCODING calls by the name of a small one, Redis's rules; and which of those lie in one piece.
 * Stateless.
 */
final class CollectionRules
{
    /** Longest compact list: each change goes over all of it, and a leaf of a tree knows its end. */
    private static final int LIST_BYTES_MAX = 512;
    private static final int LIST_COUNT_MAX = 64;

    private CollectionRules()
    {
    }

    /** True if a value of so many elements may be compact, if they are. @param length of the value, its count included. */
    static boolean isCompact(final int type, final long count, final long length)
    {
        return CollectionLayout.LIST == type
            ? length <= LIST_BYTES_MAX && count <= LIST_COUNT_MAX
            : length <= CollectionLayout.COMPACT_MAX;
    }

    /** True of a value of so many elements, whatever they are. */
    static boolean isNamedCompact(final Thresholds thresholds, final int type, final long count)
    {
        return switch (type)
        {
            case CollectionLayout.HASH, CollectionLayout.EXPIRING_HASH -> count <= thresholds.hashEntries;
            case CollectionLayout.SORTED_SET -> count <= thresholds.zsetEntries;
            case CollectionLayout.LIST -> count <= ListpackSize.countMax(thresholds.listSize);
            default -> count <= thresholds.setEntries;
        };
    }

    /**
     * True if a value that was one still is with one element more.
     *
     * @param count with this element.
     * @param bytes of the elements before it.
     */
    static boolean isNamedCompact(
        final Thresholds thresholds,
        final int type,
        final long count,
        final long bytes,
        final long textLength,
        final long secondLength)
    {
        if (!isNamedCompact(thresholds, type, count))
        {
            return false;
        }

        return switch (type)
        {
            case CollectionLayout.HASH, CollectionLayout.EXPIRING_HASH ->
                textLength <= thresholds.hashValue && secondLength <= thresholds.hashValue;
            case CollectionLayout.SORTED_SET -> textLength <= thresholds.zsetValue;
            case CollectionLayout.LIST ->
                ListpackSize.about(bytes + textLength + 1, count) <= ListpackSize.bytesMax(thresholds.listSize);
            default -> textLength <= thresholds.setValue;
        };
    }
}
