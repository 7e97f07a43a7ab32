package org.millrace.engine.memory;

/** What a block of off-heap memory is for; {@link OffHeap} accounts bytes by it. */
public enum MemoryTag
{
    /** Entries: header and RDB record, or the head of a chunked value. */
    ENTRY,
    /** What large values are made of: chunks and their tables, nodes of trees. */
    CHUNK,
    /** Pages of buckets, and directories. */
    INDEX,
    /** Deadlines of keys that expire. */
    EXPIRY
}
