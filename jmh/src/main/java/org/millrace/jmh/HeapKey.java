package org.millrace.jmh;

/** A 16-byte key as an object. */
record HeapKey(long low, long high)
{
    /** The present key. */
    static HeapKey of(final KeySequence keys)
    {
        return new HeapKey(keys.low(), keys.high());
    }
}
