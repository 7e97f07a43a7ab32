package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashTree;

/**
 * What SORT finds by a pattern of BY or GET: the string whose key is the pattern with an element in the place of its
 * star, or a field of the hash that has this key, or with {@code #} the element itself. Writer thread; used again and
 * again.
 */
final class SortPattern implements AutoCloseable
{
    private static final int NONE = -1;

    private final ScratchBuffer key = new ScratchBuffer();
    private final ScratchBuffer copy = new ScratchBuffer();

    // The pattern: up to its star, behind it, the field.
    private long pattern;
    private int length;
    private int star;
    private int keyEnd;
    private boolean isElement;

    // What was found.
    private long address;
    private long foundLength;

    /** Use the pattern that an argument is. */
    void set(final CommandContext context, final int index)
    {
        pattern = context.argAddress(index);
        length = context.argLength(index);
        final int end = find("\0", 0, length);
        final int textEnd = NONE == end ? length : end;
        isElement = 1 == textEnd && '#' == Memory.getByte(pattern);
        star = find("*", 0, textEnd);
        final int arrow = NONE == star ? NONE : find("->", star + 1, textEnd);
        keyEnd = NONE == arrow || arrow + 2 == textEnd ? length : arrow;
    }

    /** Where a word stands in a part of the pattern. */
    private int find(final String word, final int from, final int end)
    {
        for (int i = from; i + word.length() <= end; i++)
        {
            boolean isThere = true;
            for (int j = 0; j < word.length() && isThere; j++)
            {
                isThere = word.charAt(j) == Memory.getByte(pattern + i + j);
            }

            if (isThere)
            {
                return i;
            }
        }

        return NONE;
    }

    /**
     * Look up what an element leads to.
     *
     * @param element text of the element, which stays where it is meanwhile.
     * @return false if that is nothing; else it is at {@link #address}.
     */
    boolean find(final CommandContext context, final long element, final long elementLength)
    {
        if (isElement)
        {
            address = element;
            foundLength = elementLength;
            return true;
        }

        if (NONE == star)
        {
            return false;
        }

        key.clear();
        key.append(pattern, star);
        key.append(element, elementLength);
        key.append(pattern + star + 1, keyEnd - star - 1);
        final long entry = context.lookupRead(context.keyspace(), key.address(), (int)key.length());
        if (NO_ENTRY == entry)
        {
            return false;
        }

        return keyEnd == length ? findString(context, entry) : findField(context, entry);
    }

    private boolean findString(final CommandContext context, final long entry)
    {
        if (ValueType.STRING != ValueType.of(entry).redisNumber())
        {
            return false;
        }

        foundLength = StringValue.length(entry);
        if (StringValue.isLarge(entry))
        {
            copy.clear();
            address = copy.claim(foundLength);
            StringValue.copy(context.data().memory(), entry, 0, foundLength, address);
        }
        else
        {
            address = StringValue.content(entry);
        }

        return true;
    }

    /** What is over goes, as where a command names it: a replica that sorts the same must not find it. */
    private boolean findField(final CommandContext context, final long entry)
    {
        if (ValueType.HASH != ValueType.of(entry).redisNumber())
        {
            return false;
        }

        final int from = keyEnd + 2;
        final HashValue hash = context.values().hashes().open(context.keyspace(), key.address(), (int)key.length(),
            entry);
        final long element = hash.find(pattern + from, length - from);
        if (HashTree.NONE == element)
        {
            return false;
        }

        if (HashFields.isOver(context, hash, element))
        {
            HashFields.takeOut(context, hash, key.address(), (int)key.length());
            return false;
        }

        final ElementText text = context.values().text();
        text.set(Element.secondString(element));
        address = text.address();
        foundLength = text.length();
        return true;
    }

    /** Where it lies that was found, until the next is looked for or something changes. */
    long address()
    {
        return address;
    }

    long length()
    {
        return foundLength;
    }

    @Override
    public void close()
    {
        key.close();
        copy.close();
    }
}
