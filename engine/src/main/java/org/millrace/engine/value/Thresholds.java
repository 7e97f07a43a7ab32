package org.millrace.engine.value;

/**
 * From where on collections are told to be large: the limits of OBJECT ENCODING's small encodings, as plain fields, set
 * from the configuration at start and at each CONFIG SET. Writer thread; one for all data sets of a node.
 */
public final class Thresholds
{
    /** hash-max-listpack-entries. */
    public long hashEntries = 512;

    /** hash-max-listpack-value, bytes of a field or value. */
    public long hashValue = 64;

    /** set-max-intset-entries. */
    public long setIntset = 512;

    /** set-max-listpack-entries. */
    public long setEntries = 128;

    /** set-max-listpack-value, bytes of a member. */
    public long setValue = 64;

    /** zset-max-listpack-entries. */
    public long zsetEntries = 128;

    /** zset-max-listpack-value, bytes of a member. */
    public long zsetValue = 64;

    /** list-max-listpack-size: elements, or if negative -1 to -5 for 4 to 64 KiB. */
    public int listSize = -2;

    /** list-compress-depth: taken and shown; nothing is compressed. */
    public int listCompressDepth;

    /** stream-node-max-bytes. */
    public long streamNodeBytes = 4096;

    /** stream-node-max-entries. */
    public long streamNodeEntries = 100;
}
