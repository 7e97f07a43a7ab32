package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/** The row of a type of collections that has both forms. */
final class CollectionType extends ValueType
{
    private final int type;
    private final String compactName;
    private final String largeName;

    /** @param largeName what OBJECT ENCODING calls large ones. */
    CollectionType(
        final int type, final String typeName, final int redisNumber, final boolean isOrdered, final String largeName)
    {
        this(type, typeName, redisNumber, isOrdered, "listpack", largeName);
    }

    /** @param compactName what OBJECT ENCODING calls small ones. */
    CollectionType(
        final int type,
        final String typeName,
        final int redisNumber,
        final boolean isOrdered,
        final String compactName,
        final String largeName)
    {
        super(type, typeName, redisNumber, isOrdered);
        this.type = type;
        this.compactName = compactName;
        this.largeName = largeName;
    }

    @Override
    public String encodingName(final long entry)
    {
        return CollectionLayout.isNamedCompact(Entry.value(entry)) ? compactName : largeName;
    }

    @Override
    public int refCount(final long entry)
    {
        return 1;
    }

    @Override
    public long contentLength(final long entry)
    {
        return ValueLayout.of(type).recordLength(Entry.value(entry));
    }

    @Override
    public void elements(final long entry, final ValueRuns runs, final ElementVisitor visitor)
    {
        final ElementWalk walk = new ElementWalk(runs.memory());
        walk.begin(entry);
        for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
        {
            runs.text(at);
            visitor.onPart(runs);
            if (CollectionLayout.isHash(type))
            {
                runs.text(Element.secondString(at));
                visitor.onPart(runs);
                tellDeadline(at, visitor);
            }
            else if (CollectionLayout.SORTED_SET == type)
            {
                visitor.onScore(ScoreTree.score(at));
            }

            visitor.onEnd();
        }
    }

    private static void tellDeadline(final long at, final ElementVisitor visitor)
    {
        final long deadlineMs = Element.deadlineMs(at);
        if (Element.NO_DEADLINE != deadlineMs)
        {
            visitor.onDeadline(deadlineMs);
        }
    }

    @Override
    public int copy(final long entry, final ValueRuns runs, final ValueBuilder builder)
    {
        int result = builder.begin(type, CollectionLayout.count(Entry.value(entry)));
        if (ValueBuilder.OK != result)
        {
            return result;
        }

        try (ElementText text = new ElementText(runs.memory()))
        {
            final ElementWalk walk = new ElementWalk(runs.memory());
            walk.begin(entry);
            for (long at = walk.next(); ValueBuilder.OK == result && HashTree.NONE != at; at = walk.next())
            {
                result = copyElement(at, text, builder);
            }
        }

        if (ValueBuilder.OK != result)
        {
            builder.abort();
        }

        return result;
    }

    private int copyElement(final long at, final ElementText text, final ValueBuilder builder)
    {
        text.set(at);
        final int result = builder.add(text.address(), text.length());
        if (ValueBuilder.OK != result)
        {
            return result;
        }

        switch (type)
        {
            case CollectionLayout.HASH, CollectionLayout.EXPIRING_HASH -> {
                final long deadlineMs = Element.deadlineMs(at);
                if (Element.NO_DEADLINE != deadlineMs)
                {
                    builder.deadline(deadlineMs);
                }

                text.set(Element.secondString(at));
                return builder.add(text.address(), text.length());
            }
            case CollectionLayout.SORTED_SET -> {
                return builder.score(ScoreTree.score(at));
            }
            default -> {
                return result;
            }
        }
    }
}
