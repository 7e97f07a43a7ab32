package org.millrace.engine.snapshot;

import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_HASH;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_LIST;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_SET;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_SET_INTSET;
import static org.millrace.engine.snapshot.RdbDescriptor.TYPE_ZSET;

import org.millrace.engine.snapshot.BlobReader.Pairs;
import org.millrace.engine.snapshot.PlainReader.Scores;
import org.millrace.engine.value.StreamLayout;

/** The readers of one loader: one a wire form that this node takes. */
final class ValueReaders implements AutoCloseable
{
    private final ListpackReader listpack = new ListpackReader();
    private final ZiplistReader ziplist = new ZiplistReader();
    private final IntsetReader intset = new IntsetReader();
    private final ZipmapReader zipmap = new ZipmapReader();
    private final ValkeyHashReader ofValkey = new ValkeyHashReader();
    private final ExpiringListpackReader expiring = new ExpiringListpackReader(listpack, true);
    private final ExpiringListpackReader expiringPreGa = new ExpiringListpackReader(listpack, false);
    private final StreamValueReader stream = new StreamValueReader(StreamLayout.TYPE);
    private final StreamValueReader stream2 = new StreamValueReader(StreamLayout.TYPE_2);
    private final StreamValueReader stream3 = new StreamValueReader(StreamLayout.TYPE_3);
    private final ValueReader[] byType = new ValueReader[RdbDescriptor.OPCODE_MIN];

    ValueReaders()
    {
        byType[RdbDescriptor.TYPE_STRING] = new StringReader();
        addLists();
        addSets();
        addHashes();
        addSortedSets();
        byType[StreamLayout.TYPE] = stream;
        byType[StreamLayout.TYPE_2] = stream2;
        byType[StreamLayout.TYPE_3] = stream3;
    }

    private void addLists()
    {
        byType[TYPE_LIST] = new PlainReader(TYPE_LIST, 1, Scores.NONE);
        byType[RdbDescriptor.TYPE_LIST_ZIPLIST] = new BlobReader(
            TYPE_LIST, ziplist, Pairs.NONE, "List ziplist integrity check failed");
        byType[RdbDescriptor.TYPE_LIST_QUICKLIST] = new QuicklistReader(
            ziplist, false, "Ziplist integrity check failed");
        byType[RdbDescriptor.TYPE_LIST_QUICKLIST_2] = new QuicklistReader(
            listpack, true, "Listpack integrity check failed");
    }

    private void addSets()
    {
        // A set of integers is an intset, unless it comes in a form for others.
        byType[TYPE_SET] = new PlainReader(TYPE_SET_INTSET, 1, Scores.NONE);
        byType[TYPE_SET_INTSET] = new BlobReader(
            TYPE_SET_INTSET, intset, Pairs.NONE, "Intset integrity check failed");
        byType[RdbDescriptor.TYPE_SET_LISTPACK] = new BlobReader(
            TYPE_SET, listpack, Pairs.NONE, "Set listpack integrity check failed");
    }

    private void addHashes()
    {
        byType[TYPE_HASH] = new PlainReader(TYPE_HASH, 2, Scores.NONE);
        byType[RdbDescriptor.TYPE_HASH_ZIPMAP] = new BlobReader(
            TYPE_HASH, zipmap, Pairs.VALUES, "Zipmap integrity check failed");
        byType[RdbDescriptor.TYPE_HASH_ZIPLIST] = new BlobReader(
            TYPE_HASH, ziplist, Pairs.VALUES, "Hash ziplist integrity check failed");
        byType[RdbDescriptor.TYPE_HASH_LISTPACK] = new BlobReader(
            TYPE_HASH, listpack, Pairs.VALUES, "Hash listpack integrity check failed");
        byType[RdbDescriptor.TYPE_HASH_EXPIRING] = new ExpiringHashReader(true);
        byType[RdbDescriptor.TYPE_HASH_EXPIRING_LISTPACK] = expiring;
        byType[RdbDescriptor.TYPE_HASH_EXPIRING_PRE_GA] = new ExpiringHashReader(false);
        byType[RdbDescriptor.TYPE_HASH_EXPIRING_LISTPACK_PRE_GA] = expiringPreGa;
    }

    private void addSortedSets()
    {
        byType[RdbDescriptor.TYPE_ZSET_TEXT] = new PlainReader(TYPE_ZSET, 1, Scores.TEXT);
        byType[TYPE_ZSET] = new PlainReader(TYPE_ZSET, 1, Scores.BINARY);
        byType[RdbDescriptor.TYPE_ZSET_ZIPLIST] = new BlobReader(
            TYPE_ZSET, ziplist, Pairs.SCORES, "Zset ziplist integrity check failed");
        byType[RdbDescriptor.TYPE_ZSET_LISTPACK] = new BlobReader(
            TYPE_ZSET, listpack, Pairs.SCORES, "Zset listpack integrity check failed");
    }

    /**
     * The reader of values of this RDB type, or null: this node does not hold them.
     *
     * @param version of the data: the numbers of newer types mean one thing in those of Redis, another in Valkey's.
     */
    ValueReader of(final int type, final int version)
    {
        if (RdbDescriptor.VALKEY_VERSION == version && type >= RdbDescriptor.TYPE_VALKEY_HASH_EXPIRING)
        {
            return RdbDescriptor.TYPE_VALKEY_HASH_EXPIRING == type ? ofValkey : null;
        }

        return of(type);
    }

    /** The same in data of Redis. */
    ValueReader of(final int type)
    {
        return type < byType.length ? byType[type] : null;
    }

    @Override
    public void close()
    {
        listpack.close();
        ziplist.close();
        intset.close();
        zipmap.close();
        expiring.close();
        expiringPreGa.close();
        stream.close();
        stream2.close();
        stream3.close();
        ofValkey.close();
    }
}
