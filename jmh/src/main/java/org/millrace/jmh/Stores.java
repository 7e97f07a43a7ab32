package org.millrace.jmh;

/** The stores by the names that the benchmarks' parameters give them. */
final class Stores
{
    /** Our keyspace, called as the writer thread calls it. */
    static final String MILLRACE = "millrace";

    /** The same through a lock-free reader; while it is open, what is replaced is retired and not freed at once. */
    static final String READER = "millrace-reader";

    /** A node within this process, read through the embedding API. */
    static final String NODE = "millrace-node";

    /** One large hash of ours, as the writer thread has it, and as a foreign thread reads it. */
    static final String HASH = "millrace-hash";
    static final String HASH_READER = "millrace-hash-reader";

    static final String CONCURRENT_HASH_MAP = "ConcurrentHashMap";
    static final String SKIP_LIST = "ConcurrentSkipListMap";
    static final String TREE_MAP = "TreeMap";
    static final String DEQUE = "ConcurrentLinkedDeque";
    static final String CHRONICLE_MAP = "ChronicleMap";
    static final String OHC = "OHC";
    static final String CAFFEINE = "Caffeine";

    private Stores()
    {
    }

    /** An empty store. */
    static Store open(final String name, final int entries)
    {
        return switch (name)
        {
            case MILLRACE -> new MillraceStore(entries);
            case READER -> new ReaderStore(entries);
            case NODE -> new NodeStore(entries);
            case HASH -> new HashFieldStore(entries);
            case HASH_READER -> new HashFieldStore(entries).readAsForeigner();
            case CONCURRENT_HASH_MAP -> new HashMapStore(entries);
            case CHRONICLE_MAP -> new ChronicleStore(entries);
            case OHC -> new OhcStore(entries);
            case CAFFEINE -> new CaffeineStore(entries);
            default -> throw new IllegalArgumentException("no such store: " + name);
        };
    }

    /** A store with all its entries. */
    static Store filled(final String name, final int entries)
    {
        final Store store = open(name, entries);
        store.fill();
        return store;
    }
}
