package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ExpiringFields;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ListTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.Node;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeCopier;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRuns;
import org.millrace.engine.value.CollectionLayout;

/** The trees of all types of collections, and how an element gets into any of them. Writer thread; one a data set. */
final class CollectionTrees
{
    private final HashTree fields;
    private final HashTree members;
    private final ListTree items;
    private final ScoredMembers scored;
    private final ExpiringFields expiring;
    private final Member member;
    private final ElementText text;
    private final TreeRuns runs;
    private final TreeCopier copier;

    CollectionTrees(final Values values)
    {
        fields = new HashTree(values.trees(), Node.TWO_STRINGS);
        members = new HashTree(values.trees(), 0);
        items = new ListTree(values.trees());
        scored = values.own(new ScoredMembers(values.trees()));
        expiring = new ExpiringFields(values.trees(), scored.scores());
        member = values.own(new Member(values.trees()));
        text = values.own(new ElementText(values.memory()));
        runs = new TreeRuns(values.memory());
        copier = new TreeCopier(values.data().entries().nodes(), values.data().entries().release());
    }

    HashTree fields()
    {
        return fields;
    }

    HashTree members()
    {
        return members;
    }

    ListTree items()
    {
        return items;
    }

    ScoredMembers scored()
    {
        return scored;
    }

    ExpiringFields expiring()
    {
        return expiring;
    }

    /** The tree in the order of hashes that values of this type have: of a sorted set the first of its two. */
    HashTree byHash(final int type)
    {
        return switch (type)
        {
            case CollectionLayout.HASH -> fields;
            case CollectionLayout.EXPIRING_HASH -> expiring.fields();
            case CollectionLayout.SORTED_SET -> scored.members();
            default -> members;
        };
    }

    /** Copy all trees of a value to heads without elements. @return false if memory ran out: those are to be let go. */
    boolean copy(final int type, final long from, final long to)
    {
        final int heads = CollectionLayout.heads(type);
        for (int i = 0; i < heads; i++)
        {
            final long offset = (long)i * TreeHead.LENGTH;
            final int root = copier.copy(TreeHead.root(from + offset));
            if (OffHeap.NULL_REF == root)
            {
                return false;
            }

            TreeHead.copy(from + offset, to + offset, TreeHead.generation(to + offset));
            TreeHead.root(to + offset, root);
        }

        return true;
    }

    /** Copy all elements of a tree, none of which refers to a string elsewhere, one behind the other. */
    void copyElements(final long head, final long target)
    {
        long end = target;
        runs.begin(TreeHead.root(head), 0);
        while (runs.next())
        {
            Memory.copyDisjoint(runs.address(), end, runs.length());
            end += runs.length();
        }
    }

    /**
     * Add an element of another value of the same type, behind the others of a list.
     *
     * @param head of a large value; of a sorted set its heads.
     * @return {@link HashTree#ADDED}, {@link HashTree#NO_MEMORY}, or another result of a put if the element was there.
     */
    int add(final int type, final long head, final long element)
    {
        switch (type)
        {
            case CollectionLayout.LIST -> {
                text.set(element);
                return items.pushLast(head, text.address(), text.length()) ? HashTree.ADDED : HashTree.NO_MEMORY;
            }
            case CollectionLayout.HASH -> {
                member.setString(element);
                text.set(Element.secondString(element));
                return fields.put(head, member, text.address(), text.length());
            }
            case CollectionLayout.EXPIRING_HASH -> {
                member.setString(element);
                text.set(Element.secondString(element));
                return expiring.put(head, member, text.address(), text.length(), Element.deadlineMs(element));
            }
            case CollectionLayout.SORTED_SET -> {
                member.setString(element);
                return scored.put(head, member, ScoreTree.score(element));
            }
            default -> {
                member.setString(element);
                return members.add(head, member);
            }
        }
    }

    /**
     * Put an element of texts, behind the others of a list.
     *
     * @param second value of a field.
     * @param score of the member of a sorted set; deadline of a field of an expiring hash.
     * @return as {@link #add}.
     */
    int put(
        final int type,
        final long head,
        final long first,
        final long firstLength,
        final long second,
        final long secondLength,
        final double score)
    {
        if (CollectionLayout.LIST == type)
        {
            return items.pushLast(head, first, firstLength) ? HashTree.ADDED : HashTree.NO_MEMORY;
        }

        member.set(first, firstLength);
        return switch (type)
        {
            case CollectionLayout.HASH -> fields.put(head, member, second, secondLength);
            case CollectionLayout.EXPIRING_HASH -> expiring.put(head, member, second, secondLength, (long)score);
            case CollectionLayout.SORTED_SET -> scored.put(head, member, score);
            default -> members.add(head, member);
        };
    }
}
