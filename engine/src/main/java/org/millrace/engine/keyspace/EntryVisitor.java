package org.millrace.engine.keyspace;

/** Told of entries one by one. */
@FunctionalInterface
public interface EntryVisitor
{
    /** @param entry address, valid during the call. */
    void onEntry(Keyspace keyspace, long entry);
}
