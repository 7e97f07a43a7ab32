package org.millrace.engine.tree;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Puts an element into a leaf, in the place of another or takes one out, for all orders of elements: in place where the
 * block has room and no pin knows the leaf, else by new leaves. Either all of it is done or, if memory runs out, nothing.
 * Writer thread.
 */
final class LeafEditor implements AutoCloseable
{
    /** A leaf that uses less than so many eighths of its block gets a shorter one, or goes together with another. */
    private static final int SPARSE_EIGHTHS = 6;

    /** Leaves are joined if one is shorter than a third, and both together take no more than this. */
    private static final int JOIN_BELOW = LeafCutter.LEAF_MAX / 3;
    static final int JOIN_MAX = LeafCutter.LEAF_MAX * 4 / 5;

    /** By so much the room for fingerprints grows. */
    private static final int PRINTS_STEP = 8;

    private final NodeStore nodes;
    private final TreeRelease release;
    private final Reshape reshape;
    private final LeafCutter cutter;
    private final LeafContent content = new LeafContent();

    // The change that is being made.
    private Order order;
    private Path path;
    private long head;
    private int index;
    private long at;
    private int oldCount;
    private int oldLength;
    private long element;
    private int newLength;
    private int kindBits;
    private byte print;
    private long bytesDelta;
    private final IntArrayList oldRoots = new IntArrayList();

    LeafEditor(final NodeStore nodes, final TreeRelease release)
    {
        this.nodes = nodes;
        this.release = release;
        reshape = new Reshape(nodes);
        cutter = new LeafCutter(nodes, reshape);
    }

    /**
     * Put an element into the leaf that the path leads to. In hash order the index is the leaf's count.
     *
     * @param at where it is to stand: at an element, or at the end of the content. 0 in an empty tree.
     * @param print the fingerprint, in hash order.
     */
    boolean insert(
        final Order order,
        final long head,
        final Path path,
        final int index,
        final long at,
        final ElementWriter writer,
        final int kind,
        final byte print)
    {
        begin(order, head, path, index, at);
        oldCount = 0;
        oldLength = 0;
        take(writer, print);
        bytesDelta = writer.bytes();
        if (0 == path.leaf())
        {
            return addFirst(kind | kindBits);
        }

        return insertInPlace() || rebuild();
    }

    /** Put an element in the place of that which stands at {@code at}. */
    boolean replace(
        final Order order,
        final long head,
        final Path path,
        final int index,
        final long at,
        final ElementWriter writer,
        final byte print)
    {
        begin(order, head, path, index, at);
        takeOld(1);
        take(writer, print);
        bytesDelta += writer.bytes();
        keepRoots();
        // A string that has become long leaves its place to a reference.
        final boolean isShrinking = newLength < oldLength && isSparse() && rebuild();
        return (isShrinking || replaceInPlace() || rebuild()) && retireOld();
    }

    /** Take out the element that stands at {@code at}. */
    boolean remove(final Order order, final long head, final Path path, final int index, final long at)
    {
        return remove(order, head, path, index, at, 1);
    }

    /** Take out so many elements of the leaf, of which the first one stands at {@code at}. */
    boolean remove(
        final Order order, final long head, final Path path, final int index, final long at, final int count)
    {
        begin(order, head, path, index, at);
        takeOld(count);
        element = 0;
        newLength = 0;
        kindBits = 0;
        print = 0;
        final boolean mayChange = nodes.pins().mayChangeNode(path.leaf()) && Node.count(path.leaf()) > count;
        if (mayChange && !isSparse())
        {
            removeInPlace();
        }
        else if (!rebuild())
        {
            if (!mayChange)
            {
                return false;
            }

            // No memory for a shorter block: the long one will do.
            removeInPlace();
        }

        return retireOld();
    }

    /** The elements that go, and the trees that only they refer to. */
    private void takeOld(final int count)
    {
        final int kind = Node.kind(path.leaf());
        long end = at;
        long bytes = 0;
        for (int i = 0; i < count; i++)
        {
            bytes += Element.outsideBytes(end, kind);
            end += Element.length(end, kind);
        }

        oldCount = count;
        oldLength = (int)(end - at);
        bytesDelta = -oldLength - bytes;
        oldRoots.clear();
        if (Leaf.hasReferences(path.leaf()))
        {
            for (long string = Leaf.findReference(at, end, kind); string < end; string = Leaf.findReference(
                Leaf.behindReference(string, kind), end, kind))
            {
                oldRoots.addInt(ElementString.root(string));
            }
        }
    }

    /** What the new element refers to as well stays. */
    private void keepRoots()
    {
        final int kind = Node.kind(path.leaf());
        final long end = element + newLength;
        for (int i = oldRoots.size() - 1; i >= 0; i--)
        {
            long string = Leaf.findReference(element, end, kind);
            while (string < end && ElementString.root(string) != oldRoots.getInt(i))
            {
                string = Leaf.findReference(Leaf.behindReference(string, kind), end, kind);
            }

            if (string < end)
            {
                oldRoots.fastUnorderedRemove(i);
            }
        }
    }

    private boolean retireOld()
    {
        for (int i = 0, size = oldRoots.size(); i < size; i++)
        {
            release.retire(oldRoots.getInt(i));
        }

        return true;
    }

    /**
     * Make the leaf one that may be changed in place; the path is then to be sought again. What is taken out of such a
     * leaf, or put in the place of as many bytes, needs no memory.
     *
     * @return false if memory ran out: nothing has changed.
     */
    boolean own(final Order order, final long head, final Path path)
    {
        final long leaf = path.leaf();
        if (nodes.pins().mayChangeNode(leaf))
        {
            return true;
        }

        reshape.begin(path, order.words());
        final int ref = reshape.allocateSame(path.leafRef());
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        reshape.add(ref, Node.count(leaf), 0, 0);
        return reshape.replace(head, path.leafSlot(), 1, 0);
    }

    private void begin(final Order order, final long head, final Path path, final int index, final long at)
    {
        this.order = order;
        this.head = head;
        this.path = path;
        this.index = index;
        this.at = at;
    }

    private void take(final ElementWriter writer, final byte fingerprint)
    {
        element = writer.address();
        newLength = writer.length();
        kindBits = writer.kindBits();
        if (0 != (kindBits & Node.HAS_REFERENCES))
        {
            TreeHead.setMayRefer(head);
        }

        print = fingerprint;
    }

    private boolean addFirst(final int kind)
    {
        reshape.begin(path, order.words());
        content.gatherOne(kind, element, newLength, print);
        if (!cutter.addWhole(content, order, 0, false))
        {
            return false;
        }

        return reshape.replace(head, 0, 0, bytesDelta);
    }

    private boolean insertInPlace()
    {
        final long leaf = path.leaf();
        if (!nodes.pins().mayChangeNode(leaf))
        {
            return false;
        }

        if (0 == index && !order.isHashed() && Node.start(leaf) - Node.HEADER_LENGTH >= newLength)
        {
            insertInFront(leaf);
            return true;
        }

        final int count = Node.count(leaf);
        final int step = order.isHashed() && count == Fingerprints.room(leaf) ? PRINTS_STEP : 0;
        final int end = Node.end(leaf);
        if (end + newLength + step > nodes.capacity(path.leafRef()))
        {
            return false;
        }

        TreeHead.beginChange(head);
        if (0 != step)
        {
            Memory.copy(Leaf.content(leaf), Leaf.content(leaf) + step, Node.contentLength(leaf));
            Node.start(leaf, Node.start(leaf) + step);
            at += step;
        }

        final long behind = leaf + end + step - at;
        if (behind > 0)
        {
            Memory.copy(at, at + newLength, behind);
        }

        Memory.copyDisjoint(element, at, newLength);
        Node.end(leaf, end + step + newLength);
        if (order.isHashed())
        {
            Memory.putByte(Fingerprints.address(leaf) + count, print);
        }

        endInsert(leaf, count);
        return true;
    }

    private void insertInFront(final long leaf)
    {
        TreeHead.beginChange(head);
        final int start = Node.start(leaf) - newLength;
        Memory.copyDisjoint(element, leaf + start, newLength);
        Node.start(leaf, start);
        endInsert(leaf, Node.count(leaf));
    }

    private void endInsert(final long leaf, final int count)
    {
        Node.oneLength(leaf, 0 == count || Node.oneLength(leaf) == newLength ? newLength : 0);
        Node.count(leaf, count + 1);
        endChange(leaf, 1);
    }

    private boolean replaceInPlace()
    {
        final long leaf = path.leaf();
        final int end = Node.end(leaf);
        final int more = newLength - oldLength;
        if (!nodes.pins().mayChangeNode(leaf) || end + more > nodes.capacity(path.leafRef()))
        {
            return false;
        }

        TreeHead.beginChange(head);
        if (0 != more)
        {
            Memory.copy(at + oldLength, at + newLength, leaf + end - at - oldLength);
            Node.end(leaf, end + more);
        }

        Memory.copyDisjoint(element, at, newLength);
        if (0 != more)
        {
            Node.oneLength(leaf, isEachAsLong(leaf) ? newLength : 0);
        }

        endChange(leaf, 0);
        return true;
    }

    /** True if all elements are as long as the new one; that they are together is asked first, as it is seldom so. */
    private boolean isEachAsLong(final long leaf)
    {
        if (Node.contentLength(leaf) != Node.count(leaf) * newLength)
        {
            return false;
        }

        final int kind = Node.kind(leaf) | kindBits;
        long each = Leaf.content(leaf);
        final long end = Leaf.end(leaf);
        while (each < end && newLength == Element.length(each, kind))
        {
            each += newLength;
        }

        return each == end;
    }

    private void removeInPlace()
    {
        final long leaf = path.leaf();
        final int count = Node.count(leaf);
        TreeHead.beginChange(head);
        if (0 == index && !order.isHashed())
        {
            Node.start(leaf, Node.start(leaf) + oldLength);
        }
        else
        {
            final long bytesBehind = Leaf.end(leaf) - at - oldLength;
            if (bytesBehind > 0)
            {
                Memory.copy(at + oldLength, at, bytesBehind);
            }

            Node.end(leaf, Node.end(leaf) - oldLength);
        }

        final int behind = count - index - oldCount;
        if (order.isHashed() && behind > 0)
        {
            final long prints = Fingerprints.address(leaf) + index;
            Memory.copy(prints + oldCount, prints, behind);
        }

        Node.count(leaf, count - oldCount);
        endChange(leaf, -oldCount);
    }

    private void endChange(final long leaf, final int countDelta)
    {
        if (0 != kindBits)
        {
            Node.kind(leaf, Node.kind(leaf) | kindBits);
        }

        if (0 != countDelta)
        {
            path.addCount(1, countDelta);
            TreeHead.count(head, TreeHead.count(head) + countDelta);
        }

        TreeHead.bytes(head, TreeHead.bytes(head) + bytesDelta);
        TreeHead.endChange(head);
    }

    /** True if the leaf, once the change is made, is worth another block; at the ends it soon goes whole. */
    private boolean isSparse()
    {
        final long leaf = path.leaf();
        final int capacity = nodes.capacity(path.leafRef());
        final int used = Node.contentLength(leaf) - oldLength + newLength + Node.HEADER_LENGTH +
            (order.isHashed() ? Node.count(leaf) : 0);
        return used * 8 < capacity * SPARSE_EIGHTHS && capacity > LeafCutter.LEAF_MIN && !isAtAnEnd();
    }

    private boolean isAtAnEnd()
    {
        return path.top() > 0 && !order.isHashed() && (path.isFirst(0) || path.isLast(0));
    }

    private boolean rebuild()
    {
        reshape.begin(path, order.words());
        final long leaf = path.leaf();
        if (isNewEnd(leaf))
        {
            return addEnd(leaf);
        }

        content.gather(leaf, index, at, oldCount, oldLength, element, newLength, print);
        content.addKind(kindBits);
        if (0 == content.count())
        {
            return reshape.replace(head, path.leafSlot(), 1, bytesDelta);
        }

        final int length = content.leafLength();
        if (length > LeafCutter.LEAF_MAX && content.count() > 1)
        {
            return cutter.addHalves(content, order) ? reshape.replace(head, path.leafSlot(), 1, bytesDelta) : abort();
        }

        final int neighbour = 0 == newLength && length < JOIN_BELOW && !isAtAnEnd() ? neighbour(length) : 0;
        if (0 != neighbour)
        {
            return join(neighbour);
        }

        final int blockLength = isAtAnEnd() && 0 < newLength ? LeafCutter.LEAF_MAX : 0;
        return cutter.addWhole(content, order, blockLength, 0 == index && 0 < newLength && path.isFirst(0))
            ? reshape.replace(head, path.leafSlot(), 1, bytesDelta)
            : abort();
    }

    private boolean abort()
    {
        reshape.abort();
        return false;
    }

    /** True if a new element comes before the first one or behind the last, and the leaf there is full. */
    private boolean isNewEnd(final long leaf)
    {
        return 0 == oldLength && !order.isHashed() &&
            Node.contentLength(leaf) + newLength + Node.HEADER_LENGTH > LeafCutter.LEAF_MAX &&
            (0 == index && path.isFirst(0) || index == Node.count(leaf) && path.isLast(0));
    }

    /** The leaf stays as it is, also where a pin knows it; the new one gets the element alone. */
    private boolean addEnd(final long leaf)
    {
        final boolean isFirst = 0 == index && path.isFirst(0);
        final int count = Node.count(leaf);
        content.gatherOne(Node.kind(leaf) & ~Node.HAS_REFERENCES | kindBits, element, newLength, print);
        if (!isFirst)
        {
            reshape.add(path.leafRef(), count, 0, 0);
        }

        if (!cutter.addWhole(content, order, LeafCutter.LEAF_MAX, isFirst))
        {
            return abort();
        }

        if (isFirst)
        {
            final long first = Leaf.content(leaf);
            reshape.add(path.leafRef(), count, order.first(first), order.second(first));
        }

        return reshape.replace(head, path.leafSlot(), 1, bytesDelta);
    }

    /** 1 or -1 if the leaf goes together with the one right or left of it, else 0. */
    private int neighbour(final int length)
    {
        if (0 == path.top())
        {
            return 0;
        }

        final long parent = path.node(1);
        final int slot = path.leafSlot();
        if (slot + 1 < Node.count(parent) && length + lengthOf(parent, slot + 1) <= JOIN_MAX)
        {
            return 1;
        }

        return slot > 0 && length + lengthOf(parent, slot - 1) <= JOIN_MAX ? -1 : 0;
    }

    private int lengthOf(final long parent, final int slot)
    {
        final long leaf = nodes.address(InnerNode.ref(parent, slot));
        return Node.contentLength(leaf) + (order.isHashed() ? Node.count(leaf) : 0);
    }

    private boolean join(final int neighbour)
    {
        final int slot = path.leafSlot();
        final int ref = InnerNode.ref(path.node(1), slot + neighbour);
        content.join(nodes.address(ref), neighbour > 0);
        return cutter.addWhole(content, order, 0, false)
            ? reshape.replace(head, neighbour > 0 ? slot : slot - 1, 2, bytesDelta)
            : abort();
    }

    @Override
    public void close()
    {
        content.close();
    }
}
