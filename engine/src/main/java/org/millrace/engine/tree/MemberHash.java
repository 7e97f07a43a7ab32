package org.millrace.engine.tree;

import org.millrace.engine.memory.Hashing;

/** The keyed hash of members: of a short one that of its form, of a long one that of its text. Immutable. */
final class MemberHash
{
    private final long seed;
    private final long mask;

    /** @param mask all ones but in tests, which want members that meet. */
    MemberHash(final long seed, final long mask)
    {
        this.seed = seed;
        this.mask = mask;
    }

    long of(final long address, final long length)
    {
        return Hashing.hash(seed, address, (int)length) & mask;
    }

    /** Of the string that stands at {@code at}; a reference carries it. */
    long ofString(final long at)
    {
        return ElementString.isReference(at) ? ElementString.hash(at) : of(at, ElementString.length(at));
    }
}
