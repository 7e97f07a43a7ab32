package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Makes the next version of a {@link ByteTree}. Writer thread, one for a {@link NodeStore} at a time. There are three
 * ways, chosen when it begins:
 * <ul>
 * <li>new: nothing is kept, all nodes are the version's own;</li>
 * <li>apart: the version shares with its base what does not change. A node is copied, with its path, when it is first
 * written to; the base stays as it is until {@link #commit}, and for ever after {@link #abort};</li>
 * <li>in place: all that is to be written is there and may change, so no memory is needed and no node made. What is
 * written shows at once, so it is for bytes that nobody but the writer may look at.</li>
 * </ul>
 * One thing is written in place in every way: the room behind the end of the base's last leaf, which no version has
 * ever shown to anyone.
 */
public final class ByteTreeEditor
{
    /** Leaves that are looked at to know whether all may change in place; who writes more than that may copy. */
    private static final int IN_PLACE_LEAVES_MAX = 64;

    private enum Way
    {
        NONE,
        NEW,
        APART,
        IN_PLACE
    }

    private final NodeStore nodes;
    private final TreeRelease release;
    private final OffHeap memory;
    private Way way = Way.NONE;
    private int root;
    private int level;
    private long length;
    private long baseLength;

    public ByteTreeEditor(final NodeStore nodes, final TreeRelease release)
    {
        this.nodes = nodes;
        this.release = release;
        memory = nodes.memory();
    }

    /** Begin a string of which all bytes are zero until written. */
    public void begin(final long newLength)
    {
        Check.that(Way.NONE == way, "tree begun while one is open: length, new length", length, newLength);
        way = Way.NEW;
        root = OffHeap.NULL_REF;
        level = ByteTree.level(newLength);
        length = newLength;
        baseLength = 0;
    }

    /**
     * Begin a version apart, or in place, that keeps the bytes of its base; those behind are zero.
     *
     * @param newLength not less than {@code oldLength}.
     * @return false if memory ran out: nothing has changed, and it is not open.
     */
    public boolean begin(final int oldRoot, final long oldLength, final long newLength, final boolean isInPlace)
    {
        Check.that(Way.NONE == way, "tree begun while one is open: length, new length", length, newLength);
        way = isInPlace ? Way.IN_PLACE : Way.APART;
        root = oldRoot;
        level = ByteTree.level(oldLength);
        length = newLength;
        baseLength = oldLength;
        if (!isInPlace)
        {
            nodes.beginVersion();
            if (!raise() || !fitLastLeaf())
            {
                abort();
                return false;
            }
        }
        else if (newLength > oldLength)
        {
            zeroRoom();
        }

        return true;
    }

    /**
     * True if a version of {@code newLength} bytes, not less than before, of which only those from {@code from} on to
     * {@code to} are written, needs no node that is not there, and all that it changes may change.
     */
    public boolean canBeInPlace(
        final int oldRoot, final long oldLength, final long newLength, final long from, final long to)
    {
        final int oldLevel = ByteTree.level(oldLength);
        final int first = ByteTree.leafOf(from);
        final int last = ByteTree.leafOf(to - 1);
        if (oldLevel != ByteTree.level(newLength) || last - first >= IN_PLACE_LEAVES_MAX)
        {
            return false;
        }

        for (int leaf = first; leaf <= last; leaf++)
        {
            final int ref = ByteTree.leafRef(memory, oldRoot, oldLevel, leaf);
            if (OffHeap.NULL_REF == ref || !nodes.mayChange(ref))
            {
                return false;
            }
        }

        return hasRoom(oldRoot, oldLength, newLength);
    }

    /** True if the last leaf can take what it is to hold. */
    private boolean hasRoom(final int oldRoot, final long oldLength, final long newLength)
    {
        final int last = ByteTree.leafOf(oldLength - 1);
        final int ref = ByteTree.leafRef(memory, oldRoot, ByteTree.level(oldLength), last);
        return newLength == oldLength || OffHeap.NULL_REF == ref ||
            ByteTree.bytesIn(newLength, last) <= ByteTree.room(memory.address(ref));
    }

    /**
     * Write bytes; zeros where all is zero take no memory. False if memory ran out: then {@link #abort}. Never in place.
     */
    public boolean write(final long offset, final long source, final long count)
    {
        for (long done = 0; done < count;)
        {
            final int leaf = ByteTree.leafOf(offset + done);
            final int inLeaf = ByteTree.inLeaf(offset + done);
            final int run = (int)Math.min(count - done, ByteTree.LEAF_BYTES - inLeaf);
            final int ref = ByteTree.leafRef(memory, root, level, leaf);
            if (OffHeap.NULL_REF != ref || !Memory.isZero(source + done, run))
            {
                final long node = writableLeaf(ref, leaf, inLeaf, run);
                if (0 == node)
                {
                    return false;
                }

                Memory.copy(source + done, ByteTree.content(node) + inLeaf, run);
            }

            done += run;
        }

        return true;
    }

    /** A byte as it stands now. */
    public int byteAt(final long offset)
    {
        final int ref = ByteTree.leafRef(memory, root, level, ByteTree.leafOf(offset));
        return OffHeap.NULL_REF == ref
            ? 0
            : Memory.getUnsignedByte(ByteTree.content(memory.address(ref)) + ByteTree.inLeaf(offset));
    }

    /** Root of the version, 0 if all is zero; for the head that {@link #commit} follows. */
    public int root()
    {
        return root;
    }

    /** The version has taken its base's place: what it does not share with it goes. */
    public void commit()
    {
        if (Way.APART == way)
        {
            nodes.commitVersion();
        }

        way = Way.NONE;
    }

    /** The version is not wanted. In place what has been written stays. */
    public void abort()
    {
        switch (way)
        {
            case NEW -> release.discard(root);
            case APART -> nodes.abortVersion();
            case IN_PLACE, NONE -> {
            }
        }

        way = Way.NONE;
    }

    /** Put roots on top of the base's until the tree is as high as it is to be; false if memory ran out. */
    private boolean raise()
    {
        for (final int wanted = ByteTree.level(length); level < wanted; level++)
        {
            if (OffHeap.NULL_REF != root)
            {
                final int ref = newInner(level + 1, 0);
                if (OffHeap.NULL_REF == ref)
                {
                    return false;
                }

                InnerNode.ref(memory.address(ref), 0, root);
                root = ref;
            }
        }

        return true;
    }

    /** The leaf in which the base ends gets the bytes that it has in this version, zero behind the base's. */
    private boolean fitLastLeaf()
    {
        if (length == baseLength)
        {
            return true;
        }

        final int last = ByteTree.leafOf(baseLength - 1);
        final int ref = ByteTree.leafRef(memory, root, level, last);
        if (OffHeap.NULL_REF == ref)
        {
            return true;
        }

        if (ByteTree.bytesIn(length, last) <= ByteTree.room(memory.address(ref)))
        {
            zeroRoom();
            return true;
        }

        return 0 != ownLeaf(last);
    }

    /** Behind the base's end nobody has looked; what stood there means nothing. */
    private void zeroRoom()
    {
        final int last = ByteTree.leafOf(baseLength - 1);
        final int ref = ByteTree.leafRef(memory, root, level, last);
        if (OffHeap.NULL_REF != ref)
        {
            final int from = ByteTree.bytesIn(baseLength, last);
            Memory.set(
                ByteTree.content(memory.address(ref)) + from, ByteTree.bytesIn(length, last) - from, (byte)0);
        }
    }

    /** Address of a leaf, {@code ref} so far, that these bytes may be written to, or 0 if memory ran out. */
    private long writableLeaf(final int ref, final int leaf, final int inLeaf, final int run)
    {
        if (OffHeap.NULL_REF != ref)
        {
            final boolean isBehindBase = (long)leaf * ByteTree.LEAF_BYTES + inLeaf >= baseLength;
            if (isBehindBase || Way.APART != way || nodes.mayChange(ref))
            {
                return memory.address(ref);
            }
        }

        Check.that(Way.IN_PLACE != way, "leaf written in place is not there: leaf, length", leaf, length);
        return run == ByteTree.bytesIn(length, leaf) ? newLeaf(leaf, run) : ownLeaf(leaf);
    }

    /** A leaf of this version's own with what it holds now, zero behind; its address, or 0 if memory ran out. */
    private long ownLeaf(final int leaf)
    {
        final int ref = ByteTree.leafRef(memory, root, level, leaf);
        final int bytes = ByteTree.bytesIn(length, leaf);
        final boolean isThere = OffHeap.NULL_REF != ref;
        final boolean isGrowing = isThere && bytes > ByteTree.bytesIn(baseLength, leaf);
        // A string that is appended to is likely to be again.
        final long node = newLeaf(leaf, isGrowing ? Math.min(ByteTree.LEAF_BYTES, 2 * bytes) : bytes);
        if (0 != node)
        {
            // The retired leaf is still there, and what was written behind the base's end counts.
            final long from = isThere ? memory.address(ref) : 0;
            final boolean isExtended = isThere && bytes <= ByteTree.room(from);
            final int kept = isExtended ? bytes : isThere ? ByteTree.bytesIn(baseLength, leaf) : 0;
            ByteTree.fill(from, node, kept, bytes);
        }

        return node;
    }

    /** A leaf of this version's own with undefined content; its address, or 0 if memory ran out. */
    private long newLeaf(final int leaf, final int room)
    {
        final long parent = ownPath(leaf);
        if (0 == parent)
        {
            return 0;
        }

        final int ref = allocateLeaf(room);
        if (OffHeap.NULL_REF == ref)
        {
            return 0;
        }

        final int slot = ByteTree.slot(leaf, 1);
        giveUp(InnerNode.ref(parent, slot));
        InnerNode.ref(parent, slot, ref);
        return memory.address(ref);
    }

    /** Address of the node above a leaf, after all from the root down to it are the version's own; or 0. */
    private long ownPath(final int leaf)
    {
        int ref = ownInner(root, level, leaf);
        if (OffHeap.NULL_REF == ref)
        {
            return 0;
        }

        root = ref;
        for (int at = level; at > 1; at--)
        {
            final long node = memory.address(ref);
            final int slot = ByteTree.slot(leaf, at);
            ref = ownInner(InnerNode.ref(node, slot), at - 1, leaf);
            if (OffHeap.NULL_REF == ref)
            {
                return 0;
            }

            InnerNode.ref(node, slot, ref);
        }

        return memory.address(ref);
    }

    /** The node itself if it may change and has room for the child that the leaf is below, else another one; or 0. */
    private int ownInner(final int old, final int at, final int leaf)
    {
        if (OffHeap.NULL_REF == old)
        {
            return newInner(at, leaf);
        }

        final long node = memory.address(old);
        final int children = Node.count(node);
        if ((Way.NEW == way || nodes.mayChange(old)) && ByteTree.slot(leaf, at) < children)
        {
            return old;
        }

        final int ref = newInner(at, leaf);
        if (OffHeap.NULL_REF != ref)
        {
            final long copy = memory.address(ref);
            for (int slot = 0, count = Math.min(children, Node.count(copy)); slot < count; slot++)
            {
                InnerNode.ref(copy, slot, InnerNode.ref(node, slot));
            }

            giveUp(old);
        }

        return ref;
    }

    /** A node above a leaf, all zero, or {@link OffHeap#NULL_REF}. */
    private int newInner(final int at, final int leaf)
    {
        final int room = InnerNode.roomFor(ByteTree.children(length, at, leaf));
        int ref = nodes.allocateInner(at, 0, room);
        while (OffHeap.NULL_REF == ref && releaseSome())
        {
            ref = nodes.allocateInner(at, 0, room);
        }

        if (OffHeap.NULL_REF != ref)
        {
            ByteTree.clear(memory.address(ref), at, room);
        }

        return ref;
    }

    private int allocateLeaf(final int room)
    {
        final int blockLength = Node.HEADER_LENGTH + room;
        int ref = nodes.allocateLeaf(blockLength, Node.BYTES, Node.HEADER_LENGTH);
        while (OffHeap.NULL_REF == ref && releaseSome())
        {
            ref = nodes.allocateLeaf(blockLength, Node.BYTES, Node.HEADER_LENGTH);
        }

        if (OffHeap.NULL_REF != ref)
        {
            ByteTree.open(memory.address(ref), nodes.capacity(ref));
        }

        return ref;
    }

    /** Memory ran out: some of what waits to be given back is worth the time now. False if nothing waits. */
    private boolean releaseSome()
    {
        return !nodes.isInVersion() && release.step(TreeRelease.STEP) > 0;
    }

    private void giveUp(final int ref)
    {
        if (OffHeap.NULL_REF == ref)
        {
            return;
        }

        if (Way.NEW == way)
        {
            nodes.free(ref);
        }
        else
        {
            nodes.retire(ref);
        }
    }
}
