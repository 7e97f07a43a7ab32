package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.EntryStore;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeHead;

/**
 * Members with scores that a command puts together before it replies or stores them; nobody else sees them. From
 * {@link #begin} to {@link #end} it holds memory. Writer thread; one result at a time.
 */
public final class ScoredResult implements AutoCloseable
{
    private final EntryStore entries;
    private final ScoredMembers members;
    private final Member member;
    private final ElementCursor cursor;
    private final long heads = Memory.reserve(ScoredMembers.HEADS_LENGTH);
    private long found;

    ScoredResult(final Values values)
    {
        entries = values.data().entries();
        members = new ScoredMembers(values.trees());
        member = new Member(values.trees());
        cursor = new ElementCursor(values.data().memory());
    }

    /** Begin with none. @return this. */
    public ScoredResult begin()
    {
        ScoredMembers.init(heads, 0);
        return this;
    }

    /** Members so far. */
    public long size()
    {
        return TreeHead.count(ScoredMembers.byScore(heads));
    }

    /** True if the member is there; its score is {@link #score}. */
    public boolean find(final long address, final long length)
    {
        member.set(address, length);
        found = members.find(heads, member);
        return HashTree.NONE != found;
    }

    /** Score of the member that was found last. */
    public double score()
    {
        return ScoreTree.score(found);
    }

    /** Give the member that {@link #find} has just looked for a score. @return false if memory ran out. */
    public boolean set(final double score)
    {
        return HashTree.NO_MEMORY != members.put(heads, member, found, score);
    }

    /** Stand before the first element in the order of scores; nothing may be changed from here on. */
    public void rewind()
    {
        cursor.begin(TreeHead.root(ScoredMembers.byScore(heads)), 0);
    }

    /** The next element, {@code HashTree.NONE} behind the last. */
    public long next()
    {
        return cursor.next();
    }

    /** Let go of all members. */
    public void end()
    {
        entries.release().discard(TreeHead.root(ScoredMembers.byMember(heads)));
        entries.release().discard(TreeHead.root(ScoredMembers.byScore(heads)));
    }

    @Override
    public void close()
    {
        members.close();
        member.close();
        Memory.release(heads);
    }
}
