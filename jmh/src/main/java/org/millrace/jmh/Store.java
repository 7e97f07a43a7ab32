package org.millrace.jmh;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A map under test with the keys that are asked of it: 16-byte keys, 64-byte values of which the first eight hold the
 * key's number. All entries are there from the start. Thread-confined.
 */
@State(Scope.Thread)
public abstract class Store
{
    static final int VALUE_LENGTH = 64;
    static final long SEED = 20_261_120L;

    /** The smaller number fits a cache of a few dozen MB, the larger none. */
    @Param({"100000", "4000000"})
    public int entries;

    KeySequence keys;
    long misses;

    /** To be called first in the set-up. */
    final void begin()
    {
        keys = new KeySequence(entries, SEED);
        misses = 0;
    }

    /** The last value read must be that of the last key asked for, and none may have been missed. */
    final void verifyReads(final long stampRead)
    {
        EngineBenchmark.check(0 == misses, "keys missed", misses, 0);
        EngineBenchmark.check(keys.number() == stampRead, "value of another key", stampRead, keys.number());
    }
}
