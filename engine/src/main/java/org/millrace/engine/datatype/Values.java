package org.millrace.engine.datatype;

import java.util.ArrayList;
import org.agrona.CloseHelper;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Trees;
import org.millrace.engine.value.Thresholds;

/**
 * What the values of one data set are looked at and changed with: an object for each type of collection, and what they
 * share. Made at the first use, closed with the data set. Writer thread; each object is about one value at a time.
 */
public final class Values implements AutoCloseable
{
    private final DataSet data;
    private final ArrayList<AutoCloseable> owned = new ArrayList<>();
    private final CollectionTrees collectionTrees;
    private final CollectionLoading loading;
    private final ElementWalk walk;
    private final ElementWalk secondWalk;
    private final ElementText text;
    private final ElementText secondText;
    private final ElementPrefetch prefetch;
    private final HashValue hashes;
    private final ListValue lists;
    private final ListValue otherList;
    private final SetValue sets;
    private final SetValue otherSet;
    private final SetWalk setWalk;
    private final SetWalk secondSetWalk;
    private final SetMember setMember;
    private final SetMember numberText;
    private final MemberTable memberTable;
    private final SortedSetValue sortedSets;
    private final StreamValue streams;
    private final ScoredResult scoredResult;

    private Values(final DataSet data)
    {
        this.data = data;
        collectionTrees = new CollectionTrees(this);
        loading = new CollectionLoading(this);
        walk = new ElementWalk(data.memory());
        secondWalk = new ElementWalk(data.memory());
        text = own(new ElementText(data.memory()));
        secondText = own(new ElementText(data.memory()));
        prefetch = new ElementPrefetch(this);
        hashes = new HashValue(this);
        lists = new ListValue(this);
        otherList = new ListValue(this);
        sets = new SetValue(this);
        otherSet = new SetValue(this);
        setWalk = own(new SetWalk(data.memory()));
        secondSetWalk = own(new SetWalk(data.memory()));
        setMember = own(new SetMember(data.memory()));
        numberText = own(new SetMember(data.memory()));
        memberTable = own(new MemberTable(data.memory()));
        sortedSets = own(new SortedSetValue(this));
        streams = new StreamValue(this);
        scoredResult = own(new ScoredResult(this));
    }

    /** Those of a data set. */
    public static Values of(final DataSet data)
    {
        if (null == data.companion())
        {
            data.companion(new Values(data));
        }

        return (Values)data.companion();
    }

    /** Close this with the data set. @return the same. */
    <T extends AutoCloseable> T own(final T resource)
    {
        owned.add(resource);
        return resource;
    }

    DataSet data()
    {
        return data;
    }

    OffHeap memory()
    {
        return data.memory();
    }

    Trees trees()
    {
        return data.entries().trees();
    }

    /** True if a cut or a view is open: then what is there already, and is to change, takes memory. */
    boolean isPinned()
    {
        return 0 != data.entries().nodes().pins().youngest();
    }

    Thresholds thresholds()
    {
        return data.thresholds();
    }

    CollectionTrees collectionTrees()
    {
        return collectionTrees;
    }

    CollectionLoading loading()
    {
        return loading;
    }

    /** Goes over the elements of a value; for the caller's own use, until it looks at another. */
    public ElementWalk walk()
    {
        return walk;
    }

    /** As {@link #walk}, for who goes over two values at once. */
    public ElementWalk secondWalk()
    {
        return secondWalk;
    }

    /** The text of an element's string; for the caller's own use, until it looks at another. */
    public ElementText text()
    {
        return text;
    }

    /** As {@link #text}, for who looks at two texts at once. */
    public ElementText secondText()
    {
        return secondText;
    }

    public ListValue lists()
    {
        return lists;
    }

    /** As {@link #lists}, for who changes two lists at once. */
    public ListValue otherList()
    {
        return otherList;
    }

    /** Loads what looking for several elements will read. */
    public ElementPrefetch prefetch()
    {
        return prefetch;
    }

    public HashValue hashes()
    {
        return hashes;
    }

    public SetValue sets()
    {
        return sets;
    }

    /** As {@link #sets}, for who changes two sets at once. */
    public SetValue otherSet()
    {
        return otherSet;
    }

    /** Goes over the members of a set; for the caller's own use, until it looks at another. */
    public SetWalk setWalk()
    {
        return setWalk;
    }

    /** As {@link #setWalk}, for who goes over a set twice at once. */
    public SetWalk secondSetWalk()
    {
        return secondSetWalk;
    }

    /** A member of a set; for the caller's own use, until it looks at another. */
    public SetMember setMember()
    {
        return setMember;
    }

    /** The text of an integer that is added to a set; for builders of sets. */
    SetMember numberText()
    {
        return numberText;
    }

    /** Members of sets that a command has gathered; for its own use. */
    public MemberTable memberTable()
    {
        return memberTable;
    }

    public SortedSetValue sortedSets()
    {
        return sortedSets;
    }

    public StreamValue streams()
    {
        return streams;
    }

    /** Members and scores that a command puts together; for its own use. */
    public ScoredResult scoredResult()
    {
        return scoredResult;
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(owned);
        owned.clear();
    }
}
