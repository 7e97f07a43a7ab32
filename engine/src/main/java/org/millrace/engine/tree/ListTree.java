package org.millrace.engine.tree;

/**
 * Trees in the order of position: lists. Writer thread; one for all lists.
 *
 * <p>An element, one string, is told by its address, which holds until something changes.
 */
public final class ListTree
{
    private final Trees trees;
    private final Path path;
    private final ElementWriter writer;
    private final Order order = new Order.ByPosition();
    private int index;
    private long touched;

    public ListTree(final Trees trees)
    {
        this.trees = trees;
        path = trees.path();
        writer = trees.writer();
    }

    /** The element at a position, from 0 to below the head's count. */
    public long at(final long head, final long position)
    {
        index = (int)path.seek(TreeHead.root(head), position);
        final long leaf = path.leaf();
        if (0 == Node.oneLength(leaf))
        {
            touched += Leaf.touch(leaf);
        }

        return Leaf.element(leaf, index);
    }

    /** The first element of a list that is not empty. */
    public long first(final long head)
    {
        path.seekFirst(TreeHead.root(head));
        index = 0;
        return Leaf.content(path.leaf());
    }

    /** The last element of a list that is not empty. */
    public long last(final long head)
    {
        path.seekLast(TreeHead.root(head));
        index = Node.count(path.leaf()) - 1;
        return Leaf.element(path.leaf(), index);
    }

    /** @return false if memory ran out: nothing has changed. */
    public boolean pushFirst(final long head, final long text, final long length)
    {
        path.seekFirst(TreeHead.root(head));
        index = 0;
        return put(head, 0 == path.leaf() ? 0 : Leaf.content(path.leaf()), text, length);
    }

    /** @return false if memory ran out: nothing has changed. */
    public boolean pushLast(final long head, final long text, final long length)
    {
        path.seekLast(TreeHead.root(head));
        final long leaf = path.leaf();
        index = 0 == leaf ? 0 : Node.count(leaf);
        return put(head, 0 == leaf ? 0 : Leaf.end(leaf), text, length);
    }

    /**
     * Insert before the element at a position, or behind the last.
     *
     * @return false if memory ran out: nothing has changed.
     */
    public boolean insert(final long head, final long position, final long text, final long length)
    {
        if (position == TreeHead.count(head))
        {
            return pushLast(head, text, length);
        }

        return put(head, at(head, position), text, length);
    }

    /** Put another string in the place of one. @return false if memory ran out: nothing has changed. */
    public boolean set(final long head, final long position, final long text, final long length)
    {
        final long element = at(head, position);
        writer.begin();
        if (writer.string(text, length, 0) &&
            trees.leaves().replace(order, head, path, index, element, writer, (byte)0))
        {
            return true;
        }

        writer.abort();
        return false;
    }

    /** @return false if memory ran out: nothing has changed. */
    public boolean remove(final long head, final long position)
    {
        final long element = at(head, position);
        return trees.leaves().remove(order, head, path, index, element);
    }

    /** As {@link #remove} of the first. */
    public boolean removeFirst(final long head)
    {
        final long element = first(head);
        return trees.leaves().remove(order, head, path, index, element);
    }

    /** As {@link #remove} of the last. */
    public boolean removeLast(final long head)
    {
        final long element = last(head);
        return trees.leaves().remove(order, head, path, index, element);
    }

    /**
     * Take out the elements between two positions; what goes in whole leaves takes as long as counting its bytes.
     *
     * @param from position of the first that goes.
     * @param to position of the first behind it that stays, at most the head's count.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean removeRange(final long head, final long from, final long to)
    {
        return trees.ranges().remove(order, head, from, to);
    }

    /**
     * Take out the elements outside of a range that is not empty.
     *
     * @param from position of the first that stays.
     * @param to behind the last that stays.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean keepRange(final long head, final long from, final long to)
    {
        final long count = TreeHead.count(head);
        if (0 != trees.nodes().pins().youngest() && !(ownRange(head, 0, from) && ownRange(head, to, count)))
        {
            return false;
        }

        return removeRange(head, to, count) && removeRange(head, 0, from);
    }

    /** See to it that {@link #removeRange}, of a range that may be none, succeeds. @return false if memory ran out. */
    public boolean ownRange(final long head, final long from, final long to)
    {
        return from >= to || trees.ranges().own(order, head, from, to);
    }

    /** See to it that {@link #remove} of this one succeeds. @return false if memory ran out: nothing has changed. */
    public boolean own(final long head, final long position)
    {
        path.seek(TreeHead.root(head), position);
        return trees.leaves().own(order, head, path);
    }

    /**
     * Where the text of the element at a position, which is no number, may be changed by the caller, at once, between
     * {@link TreeHead#beginChange} and {@link TreeHead#endChange}.
     *
     * @return its address; 0 if it does not lie in one piece that is the writer's alone, and is to be {@link #set}.
     */
    public long changeable(final long head, final long position)
    {
        final long element = at(head, position);
        final NodeStore nodes = trees.nodes();
        if (!nodes.pins().mayChangeNode(path.leaf()))
        {
            return 0;
        }

        if (!ElementString.isReference(element))
        {
            return ElementString.textAddress(element);
        }

        final int root = ElementString.root(element);
        return Node.isLeaf(nodes.address(root)) && nodes.mayChange(root) ? Leaf.content(nodes.address(root)) : 0;
    }

    Order order()
    {
        return order;
    }

    private boolean put(final long head, final long at, final long text, final long length)
    {
        writer.begin();
        if (writer.string(text, length, 0) &&
            trees.leaves().insert(order, head, path, index, at, writer, 0, (byte)0))
        {
            return true;
        }

        writer.abort();
        return false;
    }
}
