package org.millrace.engine.tree;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Copies one string of an element out for a thread that is not the writer, whichever form it has. */
final class StringReader
{
    private final ReadMoment moment;
    private final BoundedNode node = new BoundedNode();
    private long runAddress;

    StringReader(final ReadMoment moment)
    {
        this.moment = moment;
    }

    /**
     * The text of the string at {@code at} in a leaf, to {@code target} if there is room for it.
     *
     * @return its length, or {@link TreeReader#RETRY}.
     */
    long copy(final BoundedNode leaf, final long at, final long target, final long capacity)
    {
        if (!leaf.isReadable(at, ElementString.REFERENCE_LENGTH))
        {
            return TreeReader.RETRY;
        }

        if (ElementString.isNumber(at))
        {
            return copyNumber(ElementString.number(at), target, capacity);
        }

        final long length = ElementString.textLength(at);
        if (ElementString.isReference(at))
        {
            return copyReferred(ElementString.root(at), length, target, capacity);
        }

        final long text = ElementString.textAddress(at);
        if (length <= capacity)
        {
            if (!leaf.isReadable(text, length))
            {
                return TreeReader.RETRY;
            }

            Memory.copyDisjoint(text, target, length);
        }

        return moment.isStill() ? length : TreeReader.RETRY;
    }

    /** True if the string at {@code at} is this member; whether that is true {@link ReadMoment#isStill} must say. */
    boolean isEqual(final BoundedNode leaf, final long at, final Member member)
    {
        if (!leaf.isReadable(at, ElementString.LENGTH_MAX))
        {
            return false;
        }

        if (!member.isLong())
        {
            return member.formLength() == ElementString.length(at) &&
                Memory.equal(member.form(), at, member.formLength());
        }

        return ElementString.isReference(at) && member.hash() == ElementString.hash(at) &&
            member.textLength() == ElementString.textLength(at) &&
            isReferred(ElementString.root(at), member);
    }

    private long copyNumber(final long number, final long target, final long capacity)
    {
        if (!moment.isStill())
        {
            return TreeReader.RETRY;
        }

        final int length = Decimal.length(number);
        if (length <= capacity)
        {
            Decimal.format(target, number);
        }

        return length;
    }

    private long copyReferred(final int root, final long length, final long target, final long capacity)
    {
        if (!moment.isStill())
        {
            return TreeReader.RETRY;
        }

        if (length > capacity)
        {
            return length;
        }

        long done = 0;
        while (done < length)
        {
            final long step = seekBytes(root, done);
            if (step <= 0)
            {
                return TreeReader.RETRY;
            }

            final long run = Math.min(step, length - done);
            Memory.copy(runAddress, target + done, run);
            done += run;
        }

        return moment.isProtected() ? length : TreeReader.RETRY;
    }

    private boolean isReferred(final int root, final Member member)
    {
        if (!moment.isStill())
        {
            return false;
        }

        long done = 0;
        while (done < member.textLength())
        {
            final long step = seekBytes(root, done);
            final long run = Math.min(step, member.textLength() - done);
            if (step <= 0 || !Memory.equal(runAddress, member.text() + done, run))
            {
                return false;
            }

            done += run;
        }

        return true;
    }

    /**
     * Find a byte of a tree of bytes that never changes.
     *
     * @return how many bytes from {@link #runAddress} on lie in one piece; not positive if there are none, for which
     *     being expelled is the only reason.
     */
    private long seekBytes(final int root, final long position)
    {
        node.wrap(moment.address(root));
        long rest = position;
        for (int i = 0; i < Node.LEVELS_MAX && !node.isLeaf(); i++)
        {
            final int ref = node.childRef(node.childOfPosition(rest));
            rest = node.rest();
            if (!moment.isProtected() || OffHeap.NULL_REF == ref)
            {
                return 0;
            }

            node.wrap(moment.address(ref));
        }

        runAddress = Leaf.content(node.address()) + rest;
        return node.isReadable(runAddress, 0) ? node.end() - runAddress : 0;
    }
}
