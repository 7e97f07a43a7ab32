package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ExpiringFields;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;

/**
 * A hash that has at least one field with a deadline, behind its key, and static access to it. It lies as any other hash
 * does, but that an element may have a deadline ({@link Element}), and that a large one has a second tree, in the order of
 * deadlines. One that loses its last deadline becomes a plain hash again, one that gets its first becomes this: only the
 * entry is made anew, elements stay where they are.
 *
 * <p>This is no RDB record yet: {@link FieldRuns} makes one of it, of RDB type 24.
 */
@Layout(value = "A hash with fields that have a deadline, behind its key", then = {
    "as a hash, whose elements may have C3 and the deadline, ms since 1970, 8 bytes, between field and value; of a large " +
        "one a second head: of the tree of fields by deadline"})
public final class ExpiringHashLayout extends CollectionLayout
{
    /** Oldest RDB version that can say when a field expires. */
    public static final int SINCE_VERSION = 12;

    ExpiringHashLayout()
    {
        super(EXPIRING_HASH);
    }

    /** Fields that have a deadline. */
    public static long deadlines(final long value)
    {
        if (isLargeForm(value))
        {
            return TreeHead.count(ExpiringFields.byDeadline(head(value)));
        }

        return compactDeadlines(value, Long.MAX_VALUE);
    }

    /** Fields of a compact one whose deadline is before a moment. */
    public static long compactDeadlines(final long value, final long beforeMs)
    {
        long count = 0;
        long at = first(value);
        for (long i = RdbLength.decode(value); i > 0; i--)
        {
            final long deadlineMs = Element.deadlineMs(at);
            count += Element.NO_DEADLINE != deadlineMs && deadlineMs < beforeMs ? 1 : 0;
            at = hop(kind(EXPIRING_HASH), at, 1);
        }

        return count;
    }

    /** Element of a compact one that has the earliest deadline, or 0. */
    public static long compactEarliest(final long value)
    {
        long earliest = 0;
        long earliestMs = ExpiringFields.NEVER;
        long at = first(value);
        for (long i = RdbLength.decode(value); i > 0; i--)
        {
            final long deadlineMs = Element.deadlineMs(at);
            if (Element.NO_DEADLINE != deadlineMs && deadlineMs < earliestMs)
            {
                earliest = at;
                earliestMs = deadlineMs;
            }

            at = hop(kind(EXPIRING_HASH), at, 1);
        }

        return earliest;
    }

    /** The earliest deadline of a field, or {@link ExpiringFields#NEVER}. */
    public static long earliestMs(final OffHeap memory, final long value)
    {
        if (isLargeForm(value))
        {
            return ExpiringFields.earliestMs(memory, head(value));
        }

        final long earliest = compactEarliest(value);
        return 0 == earliest ? ExpiringFields.NEVER : Element.deadlineMs(earliest);
    }

    /**
     * Let another entry, a large hash of either type that has no elements yet, take over the fields of a large one of
     * either type, as {@link ValueLayout#share} does. None of them has a deadline.
     */
    public static void shareFields(final long value, final long target, final long generation)
    {
        nameCompact(target, isNamedCompact(value));
        TreeHeads.handOver(head(value), head(target), 1, generation);
    }

    /** The entry that was to take over the fields will not. */
    public static void takeBackFields(final long value)
    {
        TreeHeads.takeBack(head(value), 1);
    }

    @Override
    public long recordLength(final long value)
    {
        return FieldRuns.recordLength(value);
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        runs.fields(value);
    }
}
