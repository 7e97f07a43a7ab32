package org.millrace.engine.tree;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Copies one string of an element out for a thread that is not the writer, whichever form it has. */
final class StringReader implements AutoCloseable
{
    private final ReadMoment moment;
    private final BoundedNode node;

    /** The form of the string at hand, once it is known to be whole. */
    private final long form = Memory.reserve(ElementString.LENGTH_MAX);
    private long runAddress;

    StringReader(final OffHeap memory, final ReadMoment moment)
    {
        this.moment = moment;
        node = new BoundedNode(memory);
    }

    /**
     * The text of the string at {@code at} in a leaf, to {@code target} if there is room for it.
     *
     * @return its length, or {@link TreeReader#RETRY}.
     */
    long copy(final BoundedNode leaf, final long at, final long target, final long capacity)
    {
        final int formLength = leaf.stringLength(at);
        if (formLength > ElementString.LENGTH_MAX || !leaf.isReadable(at, formLength))
        {
            return TreeReader.RETRY;
        }

        Memory.copyDisjoint(at, form, formLength);
        if (!moment.isStill())
        {
            return TreeReader.RETRY;
        }

        final long length = ElementString.textLength(form);
        if (length > capacity)
        {
            return length;
        }

        if (ElementString.isReference(form))
        {
            return copyReferred(ElementString.root(form), length, target);
        }

        if (ElementString.isNumber(form))
        {
            Decimal.format(target, ElementString.number(form));
        }
        else
        {
            Memory.copyDisjoint(ElementString.textAddress(form), target, length);
        }

        return length;
    }

    /** True if the string at {@code at} is this member; whether that is true {@link ReadMoment#isStill} must say. */
    boolean isEqual(final BoundedNode leaf, final long at, final Member member)
    {
        if (!member.isLong())
        {
            // A form begins with its length: what is equal is as long.
            return leaf.isReadable(at, member.formLength()) && Memory.equal(member.form(), at, member.formLength());
        }

        return leaf.isReadable(at, ElementString.REFERENCE_LENGTH) && ElementString.isReference(at) &&
            member.hash() == ElementString.hash(at) && member.textLength() == ElementString.textLength(at) &&
            isReferred(ElementString.root(at), member);
    }

    private long copyReferred(final int root, final long length, final long target)
    {
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
        node.wrap(root);
        long rest = position;
        for (int i = 0; i < Node.LEVELS_MAX && !node.isLeaf(); i++)
        {
            final int ref = node.childRef(node.childOfPosition(rest));
            rest = node.rest();
            if (!moment.isProtected() || OffHeap.NULL_REF == ref)
            {
                return 0;
            }

            node.wrap(ref);
        }

        runAddress = Leaf.content(node.address()) + rest;
        return node.isReadable(runAddress, 0) ? node.end() - runAddress : 0;
    }

    @Override
    public void close()
    {
        Memory.release(form);
    }
}
