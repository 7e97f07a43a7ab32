package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * Puts other leaves in the place of some, and balances what is above. The same for all orders: whoever knows the order
 * has made the leaves, and says by which separators they are found.
 *
 * <p>One use: {@link #begin} with the path to a leaf; {@link #allocateLeaf} and {@link #add} for what comes in its
 * place, in order; then {@link #replace}. All memory is got before anything changes that others may see: if it runs
 * out, what was allocated since begin is given back, and nothing has changed. Writer thread.
 *
 * <p>From the leaves upwards, a node whose change fits it, and which no pin knows, is changed in place, and above it
 * only counts change; else new nodes take its place, which is a change of the node above. A node of more than
 * {@link InnerNode#CHILDREN_MAX} children becomes two; one that has become small is joined with a neighbour.
 */
public final class Reshape
{
    /** What a leaf is replaced by at most: one before, it, one behind it. */
    private static final int ADDED_MAX = 4;

    private static final int NO_MEMORY = -1;
    private static final int GATHERED_MAX = 2 * InnerNode.CHILDREN_MAX + ADDED_MAX;

    private final NodeStore nodes;

    /** What comes in the place of {@link #gone} children of the node at a level, from slot {@link #from} on. */
    private final Children added = new Children(ADDED_MAX);
    private int from;
    private int gone;
    private final Children leaves = new Children(ADDED_MAX);
    private boolean mayJoin;

    private final Children gathered = new Children(GATHERED_MAX);
    private final int[] fresh = new int[3 * Node.LEVELS_MAX];
    private int freshCount;
    private final int[] replaced = new int[3 * Node.LEVELS_MAX];
    private int replacedCount;
    private int words;
    private Path path;

    /** The one that is changed in place, above the root if none is. */
    private int changedLevel;

    public Reshape(final NodeStore nodes)
    {
        this.nodes = nodes;
    }

    /** @param words of a separator: 0 where order is position, 1, 2. */
    public void begin(final Path path, final int words)
    {
        this.path = path;
        this.words = words;
        added.clear();
        freshCount = 0;
        replacedCount = 0;
    }

    /** As {@link NodeStore#allocateLeaf}, given back if the change comes to nothing. */
    public int allocateLeaf(final int length, final int kind, final int start)
    {
        return noteFresh(nodes.allocateLeaf(length, kind, start));
    }

    /** As {@link NodeStore#allocateSame}, given back if the change comes to nothing. */
    public int allocateSame(final int ref)
    {
        return noteFresh(nodes.allocateSame(ref));
    }

    /** An inner node without children, given back if the change comes to nothing. */
    int allocateInner(final int level, final int room)
    {
        return noteFresh(nodes.allocateInner(level, words, room));
    }

    /** What was allocated for this change, or nothing, is given back if it comes to nothing. */
    int noteFresh(final int ref)
    {
        if (OffHeap.NULL_REF != ref)
        {
            fresh[freshCount++] = ref;
        }

        return ref;
    }

    /**
     * The next leaf that comes in the place of others: a new one, one of those that are replaced, or 0 for zero bytes.
     * The separator of the first one is not looked at if anything is replaced: it takes over that of the first replaced.
     */
    public void add(final int ref, final long count, final long first, final long second)
    {
        added.add(ref, count, first, second);
    }

    /** Give back what was allocated since begin. */
    public void abort()
    {
        free(0);
    }

    private void free(final int first)
    {
        for (int i = first; i < freshCount; i++)
        {
            nodes.free(fresh[i]);
        }

        freshCount = first;
    }

    /**
     * Put what was added in the place of {@code count} leaves, and retire those that are not among it.
     *
     * @param slot the first of them, among the children of the leaf's parent; 0 if the leaf is the root.
     * @param bytesDelta what the tree sends out more than before.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean replace(final long head, final int slot, final int count, final long bytesDelta)
    {
        if (!prepare(1, slot, count))
        {
            return false;
        }

        noteReplacedLeaves(slot, count);
        TreeHead.beginChange(head);
        change(head, leaves.sum(0, leaves.size()) - countOfReplaced(head, slot, count), bytesDelta);
        TreeHead.endChange(head);
        retireReplaced();
        return true;
    }

    /**
     * The first half of {@link #replace}, of children of the node at any level of the path: nobody sees anything of it
     * before {@link #change}. What is replaced is the caller's to retire.
     *
     * @param slot the first of them.
     * @return false if memory ran out: what was allocated since begin is given back.
     */
    boolean prepare(final int level, final int slot, final int count)
    {
        leaves.clear();
        leaves.addAll(added);
        final int leavesFresh = freshCount;
        mayJoin = true;
        changedLevel = plan(level, slot, count);
        if (NO_MEMORY == changedLevel)
        {
            // Joining takes memory, and is not needed: what takes something out of nodes that may change succeeds.
            free(leavesFresh);
            mayJoin = false;
            changedLevel = plan(level, slot, count);
        }

        if (NO_MEMORY == changedLevel)
        {
            abort();
            return false;
        }

        return true;
    }

    /** Make all nodes that are needed. @return the level that is changed in place, the one above the root if none. */
    private int plan(final int lowest, final int slot, final int count)
    {
        from = slot;
        gone = count;
        replacedCount = 0;
        added.clear();
        added.addAll(leaves);
        int level = lowest;
        while (level <= path.top() && !fitsInPlace(level))
        {
            if (!rebuild(level))
            {
                return NO_MEMORY;
            }

            level++;
        }

        return level > path.top() && added.size() > 1 && !addRoot(level) ? NO_MEMORY : level;
    }

    /** Let what was prepared be seen, while the head says that the tree changes; then {@link #retireReplaced}. */
    void change(final long head, final long countDelta, final long bytesDelta)
    {
        if (changedLevel > path.top())
        {
            TreeHead.root(head, 0 == added.size() ? OffHeap.NULL_REF : added.ref(0));
        }
        else
        {
            changeInPlace(path.node(changedLevel));
            path.addCount(changedLevel + 1, countDelta);
        }

        TreeHead.count(head, TreeHead.count(head) + countDelta);
        TreeHead.bytes(head, TreeHead.bytes(head) + bytesDelta);
        lowerRoot(head);
    }

    private void noteReplacedLeaves(final int slot, final int count)
    {
        if (0 == path.top())
        {
            noteReplacedLeaf(path.leafRef());
            return;
        }

        for (int i = 0; i < count; i++)
        {
            noteReplacedLeaf(InnerNode.ref(path.node(1), slot + i));
        }
    }

    private void noteReplacedLeaf(final int ref)
    {
        if (OffHeap.NULL_REF != ref && !leaves.contains(ref))
        {
            noteReplaced(ref);
        }
    }

    private void noteReplaced(final int ref)
    {
        replaced[replacedCount++] = ref;
    }

    private long countOfReplaced(final long head, final int slot, final int count)
    {
        if (0 == path.top())
        {
            return TreeHead.count(head);
        }

        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += InnerNode.count(path.node(1), slot + i);
        }

        return sum;
    }

    private boolean fitsInPlace(final int level)
    {
        final long node = path.node(level);
        final int children = Node.count(node) - gone + added.size();
        return children > 0 && children <= InnerNode.room(node) && nodes.pins().mayChangeNode(node) &&
            (added.size() >= gone || 0 == neighbour(level, children));
    }

    private void changeInPlace(final long node)
    {
        final int count = Node.count(node);
        final int more = added.size() - gone;
        keepSeparator(node);
        if (0 != more)
        {
            InnerNode.move(node, from + gone, from + added.size(), count - from - gone);
            Node.count(node, count + more);
        }

        added.write(node, from, 0, added.size());
    }

    /** What is replaced by something leaves its separator to it. */
    private void keepSeparator(final long node)
    {
        if (gone > 0 && added.size() > 0)
        {
            added.separatorOf(0, node, from);
        }
    }

    /** New nodes for that of a level; what then is to be done in the level above takes the place of what was here. */
    private boolean rebuild(final int level)
    {
        final long node = path.node(level);
        keepSeparator(node);
        gathered.clear();
        gathered.addFrom(node, 0, from);
        gathered.addAll(added);
        gathered.addFrom(node, from + gone, Node.count(node));
        noteReplaced(path.ref(level));
        final boolean isAtStart = 0 == from && path.isFirst(level);
        final boolean isAtEnd = from + gone == Node.count(node) && path.isLast(level);
        from = path.slot(level + 1);
        final int neighbour = added.size() < gone ? neighbour(level, gathered.size()) : 0;
        gone = 1;
        added.clear();
        if (0 != neighbour)
        {
            join(level, neighbour);
        }

        final int size = gathered.size();
        if (0 == size)
        {
            return true;
        }

        if (size <= InnerNode.CHILDREN_MAX)
        {
            return addNode(level, 0, size, InnerNode.room(node));
        }

        // What grows at an end leaves full nodes behind.
        final int left = isAtEnd
            ? InnerNode.CHILDREN_MAX
            : isAtStart ? size - InnerNode.CHILDREN_MAX : size >>> 1;
        return addNode(level, 0, left, 0) && addNode(level, left, size, 0);
    }

    /** 1 or -1 if a node that is to have so many children goes together with the one right or left of it, else 0. */
    private int neighbour(final int level, final int children)
    {
        if (!mayJoin || level == path.top() || children >= InnerNode.JOIN_BELOW || 0 == children)
        {
            return 0;
        }

        final long parent = path.node(level + 1);
        final int slot = path.slot(level + 1);
        if (slot + 1 < Node.count(parent) && children + childrenOf(parent, slot + 1) <= InnerNode.JOIN_MAX)
        {
            return 1;
        }

        return slot > 0 && children + childrenOf(parent, slot - 1) <= InnerNode.JOIN_MAX ? -1 : 0;
    }

    private int childrenOf(final long parent, final int slot)
    {
        return Node.count(nodes.address(InnerNode.ref(parent, slot)));
    }

    /** Gather the children of the node's neighbour as well. */
    private void join(final int level, final int neighbour)
    {
        final long parent = path.node(level + 1);
        final int slot = path.slot(level + 1);
        final int ref = InnerNode.ref(parent, slot + neighbour);
        final long other = nodes.address(ref);
        final int own = gathered.size();
        gone = 2;
        noteReplaced(ref);
        if (neighbour > 0)
        {
            gathered.addFrom(other, 0, Node.count(other));
            gathered.separatorOf(own, parent, slot + 1);
        }
        else
        {
            gathered.insertFrom(other);
            gathered.separatorOf(Node.count(other), parent, slot);
            from = slot - 1;
        }
    }

    private boolean addNode(final int level, final int first, final int end, final int roomBefore)
    {
        final int size = end - first;
        final int room = size <= roomBefore && 2 * size >= roomBefore ? roomBefore : InnerNode.roomFor(size);
        final int ref = noteFresh(nodes.allocateInner(level, words, room));
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long node = nodes.address(ref);
        gathered.write(node, 0, first, end);
        Node.count(node, size);
        added.add(ref, gathered.sum(first, end), gathered.first(first), gathered.second(first));
        return true;
    }

    private boolean addRoot(final int level)
    {
        Check.that(level < Node.LEVELS_MAX, "tree is too high: level, max", level, Node.LEVELS_MAX);
        gathered.clear();
        gathered.addAll(added);
        added.clear();
        return addNode(level, 0, gathered.size(), 0);
    }

    /** A root of one child is none. */
    private void lowerRoot(final long head)
    {
        int root = TreeHead.root(head);
        while (OffHeap.NULL_REF != root)
        {
            final long node = nodes.address(root);
            if (Node.isLeaf(node) || Node.count(node) > 1)
            {
                return;
            }

            noteReplaced(root);
            root = InnerNode.ref(node, 0);
            TreeHead.root(head, root);
        }
    }

    void retireReplaced()
    {
        for (int i = 0; i < replacedCount; i++)
        {
            nodes.retire(replaced[i]);
        }

        replacedCount = 0;
        freshCount = 0;
    }
}
