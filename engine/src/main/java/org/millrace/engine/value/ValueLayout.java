package org.millrace.engine.value;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.TreeMover;
import org.millrace.engine.tree.TreeRelease;

/**
 * What those below a type's commands need to know of how its values lie. Stateless; one object a type.
 *
 * <p>{@code value} is the address of the first byte behind the key in all methods.
 */
public abstract class ValueLayout
{
    /** A class of its own: layouts cannot be made before this class is there. */
    private static final class Table
    {
        private static final ValueLayout[] BY_TYPE = new ValueLayout[256];

        static
        {
            BY_TYPE[StringLayout.TYPE] = StringLayout.INSTANCE;
            BY_TYPE[IntsetLayout.TYPE] = IntsetLayout.INSTANCE;
            BY_TYPE[StreamLayout.TYPE] = StreamLayout.INSTANCE;
            for (final int type : new int[]{
                CollectionLayout.LIST, CollectionLayout.SET, CollectionLayout.HASH, CollectionLayout.SORTED_SET})
            {
                BY_TYPE[type] = new CollectionLayout(type);
            }

            BY_TYPE[CollectionLayout.EXPIRING_HASH] = new ExpiringHashLayout();
        }
    }

    /** Leaves that a step of {@link #moveNodes} looks at: some microseconds if all of them stay. */
    static final int MOVE_STEP = 64;

    /** A place in the walk of nodes that are moved: which of the trees, and the position in it. */
    private static final int TREE_SHIFT = 40;

    ValueLayout()
    {
    }

    /** That of an entry's type byte. An entry of a type without one breaks an invariant. */
    public static ValueLayout of(final int type)
    {
        final ValueLayout layout = Table.BY_TYPE[type];
        Check.that(null != layout, "value of a type that has no layout: type, types", type, Table.BY_TYPE.length);
        return layout;
    }

    /** For tests: let a type that has no layout have this one, or none again with null. */
    static void plant(final int type, final ValueLayout layout)
    {
        final boolean isFree = null == Table.BY_TYPE[type] || null == layout && StringLayout.TYPE != type;
        Check.that(isFree, "type has a layout already: type, types", type, Table.BY_TYPE.length);
        Table.BY_TYPE[type] = layout;
    }

    /** Bytes of the entry that are the value or, if it is large, its head. */
    public abstract long headLength(long value);

    /** As {@link #headLength}, in an entry where the value begins so many bytes behind the entry's start. */
    public long headLengthAt(final long value, final long offset)
    {
        return headLength(value);
    }

    /**
     * Write the value, or its head, once more, for another entry. Of a large one that entry is to take over what hangs on
     * it, and the present head is the writer's no more, unless it is told to {@link #takeBack}.
     *
     * @param target where the value begins in the other entry.
     * @param generation of a new head, as of a node.
     */
    public void share(final long value, final long target, final long generation)
    {
        Memory.copy(value, target, headLength(value));
    }

    /** The entry that was to take over a large value will not. */
    public void takeBack(final long value)
    {
        // Only a head that says in itself whether it still counts is not as it was.
    }

    /** True if there is more of it than lies in the entry. */
    public abstract boolean isLarge(long value);

    /** Bytes of the value as {@link ValueRuns#record} gives them. */
    public abstract long recordLength(long value);

    /**
     * Where the value begins in the form in which everybody writes it: at {@code value} itself, but for what is written
     * longer than it need be because that means something here.
     */
    public abstract long payload(long value);

    /**
     * Move nodes that hang on the head of a large value out of slabs that are being evacuated, a bounded step.
     *
     * @param position 0, or what the last step returned. If the value has changed meanwhile, some nodes may be left out.
     * @return the position to go on from, {@link TreeMover#DONE} or {@link TreeMover#NO_MEMORY}.
     */
    public long moveNodes(final TreeMover mover, final long value, final long position)
    {
        final int tree = (int)(position >>> TREE_SHIFT);
        if (tree >= trees())
        {
            return TreeMover.DONE;
        }

        final long head = tree(value, tree);
        final long next = mover.mayChange(head)
            ? mover.step(head, position & (1L << TREE_SHIFT) - 1, MOVE_STEP)
            : TreeMover.DONE;
        final long following = tree + 1 < trees() ? tree + 1L << TREE_SHIFT : TreeMover.DONE;
        return next >= 0 ? (long)tree << TREE_SHIFT | next : TreeMover.DONE == next ? following : next;
    }

    /** Trees that hang on a large value and have a {@link org.millrace.engine.tree.TreeHead}. */
    int trees()
    {
        return 0;
    }

    /** Address of the head of one of them. */
    long tree(final long value, final int index)
    {
        return value;
    }

    /** Put the walk at the beginning of the value's record. */
    abstract void begin(ValueRuns runs, long value);

    /** Let go of what hangs on the head of a large value that was published. */
    public abstract void retire(TreeRelease release, long value);

    /** Let go of what hangs on the head of a large value that nobody else has ever seen. */
    public abstract void discard(TreeRelease release, long value);
}
