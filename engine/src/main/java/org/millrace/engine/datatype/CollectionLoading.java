package org.millrace.engine.datatype;

import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashLoader;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.value.CollectionLayout;

/**
 * Fills the trees of a set, hash or sorted set that nobody sees yet with elements in any order, sorted by runs, so that
 * leaves become full. One value at a time, who begins first has it; results are {@link HashTree}'s. Writer thread; one a
 * data set.
 */
final class CollectionLoading
{
    private final Values values;
    private final CollectionTrees trees;
    private final Member member;
    private final ElementText text;
    private HashLoader loader;
    private int type;
    private long head;
    private boolean isOpen;

    CollectionLoading(final Values values)
    {
        this.values = values;
        trees = values.collectionTrees();
        member = values.own(new Member(values.trees()));
        text = values.own(new ElementText(values.memory()));
    }

    /** Begin a value. @return false if this is not for its type, or another is open. */
    boolean begin(final int valueType, final long valueHead)
    {
        if (isOpen || CollectionLayout.LIST == valueType || CollectionLayout.EXPIRING_HASH == valueType)
        {
            return false;
        }

        // It holds a run of elements: megabytes that few data sets need.
        loader = null == loader ? values.own(new HashLoader(values.trees())) : loader;
        isOpen = true;
        type = valueType;
        head = valueHead;
        loader.begin(trees.byHash(type), head);
        return true;
    }

    /** The next element, as {@link CollectionTrees#put} takes it; whether it came before is found out later. */
    int add(
        final long first, final long firstLength, final long second, final long secondLength, final double score)
    {
        member.set(first, firstLength);
        return add(second, secondLength, score);
    }

    /** The next element, that of another value. */
    int add(final long element)
    {
        member.setString(element);
        if (CollectionLayout.HASH == type)
        {
            text.set(Element.secondString(element));
            return add(text.address(), text.length(), 0);
        }

        return add(0, 0, CollectionLayout.SORTED_SET == type ? ScoreTree.score(element) : 0);
    }

    private int add(final long second, final long secondLength, final double score)
    {
        return switch (type)
        {
            case CollectionLayout.HASH -> loader.addField(member, second, secondLength);
            case CollectionLayout.SORTED_SET -> addScored(score);
            default -> loader.addMember(member);
        };
    }

    private int addScored(final double score)
    {
        final int result = loader.addScored(member, score);
        if (HashTree.ADDED != result)
        {
            return result;
        }

        final boolean isAdded = trees.scored().scores().insert(ScoredMembers.byScore(head), score, member);
        return isAdded ? HashTree.ADDED : HashTree.NO_MEMORY;
    }

    /** All has come. @return ADDED; NOTHING if an element came twice, or NO_MEMORY: then {@link #abort}. */
    int finish()
    {
        final int result = loader.finish();
        isOpen = HashTree.ADDED != result;
        return result;
    }

    /** The value is given up: its heads have what is to be let go. */
    void abort()
    {
        loader.abort();
        isOpen = false;
    }
}
