package org.millrace.engine.datatype;

import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementBuilder;
import org.millrace.engine.tree.HashLoader;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.ScoreLoader;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.value.CollectionLayout;

/**
 * Fills the trees of a collection that nobody sees yet: the items of a list become full leaves as they come, other elements
 * are gathered and put in order before. One value at a time, who begins first has it; results are {@link HashTree}'s. Writer
 * thread; one a data set.
 */
final class CollectionLoading
{
    private final Values values;
    private final CollectionTrees trees;
    private final Member member;
    private final ElementText text;
    private HashLoader loader;
    private ScoreLoader scores;
    private ElementBuilder items;
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
        if (isOpen || CollectionLayout.EXPIRING_HASH == valueType)
        {
            return false;
        }

        isOpen = true;
        type = valueType;
        head = valueHead;
        // Many data sets have no large values, or not of all types.
        if (CollectionLayout.LIST == type)
        {
            items = null == items ? values.own(new ElementBuilder(values.trees())) : items;
            items.begin(trees.items());
            return true;
        }

        loader = null == loader ? values.own(new HashLoader(values.trees())) : loader;
        loader.begin(trees.byHash(type), head);
        if (CollectionLayout.SORTED_SET == type)
        {
            scores = null == scores ? values.own(new ScoreLoader(values.trees())) : scores;
            scores.begin(trees.scored().scores(), ScoredMembers.byScore(head));
        }

        return true;
    }

    /** Bytes that a list sends out so far; nobody asks of others. */
    long bytes()
    {
        return CollectionLayout.LIST == type ? items.bytes() : 0;
    }

    /** The next element, as {@link CollectionTrees#put} takes it; whether it came before is found out later. */
    int add(
        final long first, final long firstLength, final long second, final long secondLength, final double score)
    {
        if (CollectionLayout.LIST == type)
        {
            return addItem(first, firstLength);
        }

        member.set(first, firstLength);
        return add(second, secondLength, score);
    }

    /** The next element, that of another value. */
    int add(final long element)
    {
        if (CollectionLayout.LIST == type)
        {
            text.set(element);
            return addItem(text.address(), text.length());
        }

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

    private int addItem(final long address, final long length)
    {
        return items.addText(address, length) ? HashTree.ADDED : HashTree.NO_MEMORY;
    }

    private int addScored(final double score)
    {
        final int result = loader.addScored(member, score);
        return HashTree.ADDED != result || scores.add(member, score) ? result : HashTree.NO_MEMORY;
    }

    /** All has come. @return ADDED; NOTHING if an element came twice, or NO_MEMORY: then {@link #abort}. */
    int finish()
    {
        if (CollectionLayout.LIST == type)
        {
            isOpen = !items.finish(head);
            return isOpen ? HashTree.NO_MEMORY : HashTree.ADDED;
        }

        int result = loader.finish();
        if (HashTree.ADDED == result && CollectionLayout.SORTED_SET == type && !scores.finish())
        {
            result = HashTree.NO_MEMORY;
        }

        isOpen = HashTree.ADDED != result;
        return result;
    }

    /** The value is given up: its heads have what is to be let go. */
    void abort()
    {
        isOpen = false;
        if (CollectionLayout.LIST == type)
        {
            items.abort();
            return;
        }

        loader.abort();
        if (CollectionLayout.SORTED_SET == type)
        {
            scores.abort();
        }
    }
}
