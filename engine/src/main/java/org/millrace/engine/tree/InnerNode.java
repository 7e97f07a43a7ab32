package org.millrace.engine.tree;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * Layout of an inner node behind its {@link Node} header: one array after the other, each with room for as many
 * children as the header says.
 * <pre>
 *   16              + 4 room           + 8 room                      + 16 room
 *   +---------------+------------------+-----------------------------+------------------------------+
 *   | references    | elements or      | separators, first word      | separators, second word      |
 *   | 32 bits each  | bytes below, 32  | 64 bits each, signed order  | 64 bits each, signed order   |
 *   +---------------+------------------+-----------------------------+------------------------------+
 * </pre>
 * No separators where order is position (kind 0), one word for a hash (kind 1), two for score and member's beginning
 * or an id (kind 2). A separator is a lower bound of what is below its child, and above what is below the child before;
 * that of the first child means nothing. A reference of 0 stands for zero bytes, as many as its count says.
 */
@Layout(value = "Children of an inner node, behind the header", then = {
    "counts of elements or bytes below each child, 4 bytes each, as many as there is room for",
    "first words of the separators, 8 bytes each, where the kind is 1 or 2",
    "second words of the separators, 8 bytes each, where the kind is 2"})
public final class InnerNode
{
    public static final int CHILDREN_MAX = 64;

    /** A node of fewer children is joined with a neighbour, if both have no more than {@link #JOIN_MAX} together. */
    static final int JOIN_BELOW = 21;
    static final int JOIN_MAX = 51;

    @Layout.Field(bytes = 0, value = "references of the children, 4 bytes each, as many as there is room for")
    static final int CHILDREN_OFFSET = Node.HEADER_LENGTH;
    private static final int REF_LENGTH = 4;
    private static final int COUNT_LENGTH = 4;
    private static final int WORD_LENGTH = 8;
    private static final int ROOM_MIN = 4;

    /** Separators that are looked at together: a line of the cache. */
    private static final int GROUP = 8;

    private InnerNode()
    {
    }

    /** Bytes of a node with room for so many children. */
    static int lengthOf(final int room, final int words)
    {
        return CHILDREN_OFFSET + room * (REF_LENGTH + COUNT_LENGTH + words * WORD_LENGTH);
    }

    /** Room that a node of so many children gets. */
    static int roomFor(final int children)
    {
        return Math.min(CHILDREN_MAX, Math.max(ROOM_MIN, children + (children >> 1) + 3 & -4));
    }

    static void init(final long node, final int level, final int words, final long generation, final int room)
    {
        Node.init(node, level, words, generation, room);
        Node.end(node, 0);
    }

    static int room(final long node)
    {
        return Node.start(node);
    }

    /** Reference of a child, 0 for zero bytes. */
    public static int ref(final long node, final int slot)
    {
        return Memory.getInt(node + CHILDREN_OFFSET + (long)slot * REF_LENGTH);
    }

    static void ref(final long node, final int slot, final int value)
    {
        Memory.putInt(node + CHILDREN_OFFSET + (long)slot * REF_LENGTH, value);
    }

    /** As {@link #ref(long, int, int)}, where foreign readers go by epochs alone. */
    static void refRelease(final long node, final int slot, final int value)
    {
        Memory.putIntRelease(node + CHILDREN_OFFSET + (long)slot * REF_LENGTH, value);
    }

    /** Elements, or bytes, below a child. */
    public static long count(final long node, final int slot)
    {
        return Memory.getInt(countAddress(node, slot)) & 0xFFFF_FFFFL;
    }

    static void count(final long node, final int slot, final long value)
    {
        Memory.putInt(countAddress(node, slot), (int)value);
    }

    /** Elements, or bytes, below the node. */
    static long sum(final long node)
    {
        long sum = 0;
        for (int slot = 0, children = Node.count(node); slot < children; slot++)
        {
            sum += count(node, slot);
        }

        return sum;
    }

    static long countAddress(final long node, final int slot)
    {
        return countAddress(node, room(node), slot);
    }

    /** As the other, of a node that has this room. */
    static long countAddress(final long node, final int room, final int slot)
    {
        return node + CHILDREN_OFFSET + (long)room * REF_LENGTH + (long)slot * COUNT_LENGTH;
    }

    /** First word of a child's separator. */
    static long first(final long node, final int slot)
    {
        return Memory.getLong(wordAddress(node, 0, slot));
    }

    static void first(final long node, final int slot, final long value)
    {
        Memory.putLong(wordAddress(node, 0, slot), value);
    }

    /** Second word of a child's separator. */
    static long second(final long node, final int slot)
    {
        return Memory.getLong(wordAddress(node, 1, slot));
    }

    static void second(final long node, final int slot, final long value)
    {
        Memory.putLong(wordAddress(node, 1, slot), value);
    }

    /** Both words of a child's separator, as far as the node has them. */
    static void separator(final long node, final int slot, final long first, final long second)
    {
        final int words = Node.kind(node);
        if (words > 0)
        {
            first(node, slot, first);
        }

        if (words > 1)
        {
            second(node, slot, second);
        }
    }

    /** The child that what has this first word is below. */
    static int find(final long node, final long word)
    {
        return find(node, room(node), Node.count(node), word);
    }

    /** As the other, of a node that has this room and so many children. */
    static int find(final long node, final int room, final int children, final long word)
    {
        final long words = countAddress(node, room, room);
        final int group = lastGroup(words, children, word);
        return group + notAbove(words, group, Math.min(children, group + GROUP), word);
    }

    /**
     * As {@link #find(long, long)}, by halves: less to do, but each step waits for the one before. For who has ways of
     * others to go meanwhile.
     */
    static int findByHalves(final long node, final long word)
    {
        final long words = wordAddress(node, 0, 0);
        int slot = 0;
        int length = Node.count(node);
        // The last separator that is not above the word, the first one counting as lowest: no branch to mispredict.
        while (length > 1)
        {
            final int half = length >>> 1;
            slot += Memory.getLong(words + ((long)(slot + half) << 3)) <= word ? half : 0;
            length -= half;
        }

        return slot;
    }

    /**
     * Where the last group of separators begins whose first one is not above the word. The loads do not wait for one
     * another, as those of a search by halves do: a cold node costs about one miss, not one a step.
     */
    private static int lastGroup(final long words, final int children, final long word)
    {
        int group = 0;
        for (int slot = GROUP; slot < children; slot += GROUP)
        {
            group += Memory.getLong(words + ((long)slot << 3)) <= word ? GROUP : 0;
        }

        return group;
    }

    /** How many separators of a group, but for its first, are not above the word. */
    private static int notAbove(final long words, final int group, final int end, final long word)
    {
        int count = 0;
        for (int slot = group + 1; slot < end; slot++)
        {
            count += Memory.getLong(words + ((long)slot << 3)) <= word ? 1 : 0;
        }

        return count;
    }

    /** As {@link #find(long, long)}, by both words. */
    static int find(final long node, final long first, final long second)
    {
        return find(node, room(node), Node.count(node), first, second);
    }

    /** As the other, of a node that has this room and so many children. */
    static int find(final long node, final int room, final int children, final long first, final long second)
    {
        final long words = wordAddress(node, room, 0, 0);
        final int group = lastGroup(words, children, first);
        final int slot = group + notAbove(words, group, Math.min(children, group + GROUP), first);
        return first == Memory.getLong(words + ((long)slot << 3))
            ? findTied(words, wordAddress(node, room, 1, 0), slot, first, second)
            : slot;
    }

    /** The last separator up to a slot, all of one first word, that is not above both words. */
    private static int findTied(
        final long words, final long seconds, final int last, final long first, final long second)
    {
        int slot = 0;
        int length = last + 1;
        while (length > 1)
        {
            final int half = length >>> 1;
            final long at = (long)(slot + half) << 3;
            final boolean isBelow = Memory.getLong(words + at) < first || Memory.getLong(seconds + at) <= second;
            slot += isBelow ? half : 0;
            length -= half;
        }

        return slot;
    }

    /** Move some children to other slots of the node. */
    static void move(final long node, final int from, final int to, final int count)
    {
        move(node + CHILDREN_OFFSET, from, to, count, REF_LENGTH);
        move(countAddress(node, 0), from, to, count, COUNT_LENGTH);
        for (int word = 0, words = Node.kind(node); word < words; word++)
        {
            move(wordAddress(node, word, 0), from, to, count, WORD_LENGTH);
        }
    }

    private static void move(final long array, final int from, final int to, final int count, final int width)
    {
        Memory.copy(array + (long)from * width, array + (long)to * width, (long)count * width);
    }

    /** True if the separator of a child of a node that has this room has these words. */
    static boolean isSeparator(
        final long node, final int room, final int slot, final long first, final long second)
    {
        return first == Memory.getLong(wordAddress(node, room, 0, slot)) &&
            second == Memory.getLong(wordAddress(node, room, 1, slot));
    }

    private static long wordAddress(final long node, final int word, final int slot)
    {
        return wordAddress(node, room(node), word, slot);
    }

    private static long wordAddress(final long node, final int room, final int word, final int slot)
    {
        return node + CHILDREN_OFFSET + (long)room * (REF_LENGTH + COUNT_LENGTH + word * WORD_LENGTH) +
            (long)slot * WORD_LENGTH;
    }
}
