package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/**
 * Trees in the order of ids of 128 bits, unsigned: streams and what is pending of them. An element is two strings: the
 * id, 16 bytes big-endian as it goes out, and what belongs to it. Writer thread; one for all trees.
 *
 * <p>An element is told by its address, which holds until something changes, and by its number, its place in the order.
 */
public final class IdTree
{
    private static final int ID_LENGTH = 16;

    /** Bytes of the first string, its length included. */
    private static final int ID_STRING_LENGTH = 1 + ID_LENGTH;

    private final Trees trees;
    private final Path path;
    private final ElementWriter writer;
    private final Order order = new ById();

    // What is sought, and the first element that is not before it.
    private long first;
    private long second;
    private int index;
    private long at;
    private long touched;

    public IdTree(final Trees trees)
    {
        this.trees = trees;
        path = trees.path();
        writer = trees.writer();
    }

    /** First half of an element's id. */
    public static long idFirst(final long element)
    {
        return Long.reverseBytes(Memory.getLong(element + 1));
    }

    /** Second half of an element's id. */
    public static long idSecond(final long element)
    {
        return Long.reverseBytes(Memory.getLong(element + 1 + Long.BYTES));
    }

    /** What belongs to an element's id, see {@link ElementString}. */
    public static long value(final long element)
    {
        return element + ID_STRING_LENGTH;
    }

    /** @return the element of this id, or {@link HashTree#NONE}. */
    public long find(final long head, final long idFirst, final long idSecond)
    {
        seek(head, idFirst, idSecond);
        return isFound() ? at : HashTree.NONE;
    }

    /** {@link HashTree#ADDED}, {@link HashTree#REPLACED} or {@link HashTree#NO_MEMORY}. */
    public int put(
        final long head, final long idFirst, final long idSecond, final long value, final long valueLength)
    {
        return put(head, idFirst, idSecond, value, valueLength, 0);
    }

    /** As above, of a string that is to grow: one that does not stand in the leaf gets so many bytes at least. */
    public int put(
        final long head,
        final long idFirst,
        final long idSecond,
        final long value,
        final long valueLength,
        final int room)
    {
        seek(head, idFirst, idSecond);
        writer.begin();
        writer.id(idFirst, idSecond);
        if (!writer.string(value, valueLength, 0, room))
        {
            return noMemory();
        }

        if (isFound())
        {
            return trees.leaves().replace(order, head, path, index, at, writer, (byte)0)
                ? HashTree.REPLACED
                : noMemory();
        }

        return trees.leaves().insert(order, head, path, index, at, writer, Node.TWO_STRINGS, (byte)0)
            ? HashTree.ADDED
            : noMemory();
    }

    /** {@link HashTree#REMOVED}, {@link HashTree#NOTHING} if it was not there, or {@link HashTree#NO_MEMORY}. */
    public int remove(final long head, final long idFirst, final long idSecond)
    {
        seek(head, idFirst, idSecond);
        if (!isFound())
        {
            return HashTree.NOTHING;
        }

        return trees.leaves().remove(order, head, path, index, at) ? HashTree.REMOVED : HashTree.NO_MEMORY;
    }

    /**
     * Give the string of the element found last, with {@link #find} or {@link #at}, another length where it lies. What it
     * holds is for the caller to write, at once, and then to say {@link TreeHead#endChange}.
     *
     * @return address of its bytes; or 0, and nothing has changed: it does not lie in one block of its own that has room
     *         and that nobody else may see, and is to be {@link #put}.
     */
    public long beginChange(final long head, final int newLength)
    {
        final long string = value(at);
        if (!ElementString.isReference(string) || newLength <= ElementString.INLINE_MAX ||
            !trees.nodes().pins().mayChangeNode(path.leaf()))
        {
            return 0;
        }

        final int root = ElementString.root(string);
        final long node = trees.nodes().address(root);
        if (!Node.isLeaf(node) || !trees.nodes().pins().mayChangeNode(node) ||
            Node.HEADER_LENGTH + newLength > trees.nodes().capacity(root) || newLength > ByteTree.LEAF_BYTES)
        {
            return 0;
        }

        TreeHead.beginChange(head);
        TreeHead.bytes(head, TreeHead.bytes(head) + newLength - ElementString.textLength(string));
        ElementString.referredLength(string, newLength);
        Node.end(node, Node.start(node) + newLength);
        return Leaf.content(node);
    }

    /** Bytes that lie unused behind the string of the element found last, if it lies in one block of its own; else 0. */
    public int slack()
    {
        final long string = value(at);
        if (!ElementString.isReference(string))
        {
            return 0;
        }

        final int root = ElementString.root(string);
        final long node = trees.nodes().address(root);
        return Node.isLeaf(node) ? trees.nodes().capacity(root) - Node.end(node) : 0;
    }

    /** Number of the last element of this id or a lower one; -1 if there is none. */
    public long floor(final long head, final long idFirst, final long idSecond)
    {
        seek(head, idFirst, idSecond);
        return path.position() + index - (isFound() ? 0 : 1);
    }

    /** Elements of a lower id. */
    public long countBelow(final long head, final long idFirst, final long idSecond)
    {
        seek(head, idFirst, idSecond);
        return path.position() + index;
    }

    /** The element of a number from 0 to below the head's count. */
    public long at(final long head, final long number)
    {
        if (number == TreeHead.count(head) - 1)
        {
            return last(head);
        }

        index = (int)path.seek(TreeHead.root(head), number);
        touched += Leaf.touch(path.leaf());
        at = Leaf.element(path.leaf(), index);
        return at;
    }

    /** The way to the last one needs no counts. */
    private long last(final long head)
    {
        path.seekLast(TreeHead.root(head));
        index = Node.count(path.leaf()) - 1;
        at = Leaf.element(path.leaf(), index);
        return at;
    }

    /**
     * Take out the elements of some numbers; what goes in whole leaves takes as long as counting its bytes.
     *
     * @param from number of the first that goes.
     * @param to number of the first behind it that stays, at most the head's count.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean removeRange(final long head, final long from, final long to)
    {
        return trees.ranges().remove(order, head, from, to);
    }

    /** See to it that {@link #removeRange}, of a range that may be none, succeeds. @return false if memory ran out. */
    public boolean ownRange(final long head, final long from, final long to)
    {
        return from >= to || trees.ranges().own(order, head, from, to);
    }

    Order order()
    {
        return order;
    }

    private boolean isFound()
    {
        return 0 != path.leaf() && index < Node.count(path.leaf()) && 0 == compare(at);
    }

    private void seek(final long head, final long idFirst, final long idSecond)
    {
        first = idFirst ^ Long.MIN_VALUE;
        second = idSecond ^ Long.MIN_VALUE;
        path.enter(TreeHead.root(head));
        for (int level = path.top(); level > 0; level--)
        {
            path.descend(level, InnerNode.find(path.node(level), first, second));
        }

        seekInLeaf();
    }

    private void seekInLeaf()
    {
        final long leaf = path.leaf();
        index = 0;
        at = 0;
        if (0 == leaf)
        {
            return;
        }

        touched += Leaf.touch(leaf);
        final long end = Leaf.end(leaf);
        at = Leaf.content(leaf);
        while (at < end && compare(at) < 0)
        {
            at += ID_STRING_LENGTH + ElementString.length(value(at));
            index++;
        }
    }

    /** The element before, at or behind what is sought: negative, 0 or positive. */
    private int compare(final long element)
    {
        final int half = Long.compare(idFirst(element) ^ Long.MIN_VALUE, first);
        return 0 != half ? half : Long.compare(idSecond(element) ^ Long.MIN_VALUE, second);
    }

    private int noMemory()
    {
        writer.abort();
        return HashTree.NO_MEMORY;
    }

    private static final class ById extends Order
    {
        ById()
        {
            super(2, false);
        }

        @Override
        long first(final long element)
        {
            return idFirst(element) ^ Long.MIN_VALUE;
        }

        @Override
        long second(final long element)
        {
            return idSecond(element) ^ Long.MIN_VALUE;
        }
    }
}
