package org.millrace.engine.command;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * One way to find keys among the arguments of a call, and what happens to them: where to begin (an index, or behind a
 * word), and which of the arguments from there on are keys (a range, or as many as a number says). Immutable.
 */
public final class KeySpec
{
    private enum Begin
    {
        INDEX,
        KEYWORD,
        UNKNOWN
    }

    private enum Find
    {
        RANGE,
        COUNT,
        UNKNOWN
    }

    private final Begin begin;

    /** Index of the first key, or of the argument from which on the word is looked for; negative: from the end, backwards. */
    private final int start;
    private final String word;
    private final Find find;

    /** As COMMAND INFO shows them: lastkey, keystep, limit, or keynumidx, firstkey, keystep. */
    private final int[] numbers;
    private final int flags;

    private KeySpec(
        final Begin begin,
        final int start,
        final String word,
        final Find find,
        final int[] numbers,
        final int flags)
    {
        this.begin = begin;
        this.start = start;
        this.word = word;
        this.find = find;
        this.numbers = numbers;
        this.flags = flags;
    }

    /** The argument at this index. */
    public static KeySpec at(final int index, final int flags)
    {
        return range(index, 0, 1, flags);
    }

    /** All arguments from this index on. */
    public static KeySpec from(final int index, final int flags)
    {
        return range(index, -1, 1, flags);
    }

    /** @param last counted from the first key on, or from the end if negative: -1 is the last argument. */
    public static KeySpec range(final int first, final int last, final int step, final int flags)
    {
        return new KeySpec(Begin.INDEX, first, null, Find.RANGE, new int[]{last, step, 0}, flags);
    }

    /** A number at this index, and as many keys behind it. */
    public static KeySpec counted(final int index, final int flags)
    {
        return new KeySpec(Begin.INDEX, index, null, Find.COUNT, new int[]{0, 1, 1}, flags);
    }

    /**
     * Behind a word.
     *
     * @param upperCaseWord in any case in the call.
     * @param start index from which on the word is looked for; negative: from there, counted from the end, backwards.
     * @param last as for {@link #range}.
     * @param limit part of the arguments behind the word that are keys, 2 for the half; 0 for all up to {@code last}.
     */
    public static KeySpec behind(
        final String upperCaseWord, final int start, final int last, final int limit, final int flags)
    {
        return new KeySpec(Begin.KEYWORD, start, upperCaseWord, Find.RANGE, new int[]{last, 1, limit}, flags);
    }

    /** There may be keys that only a {@link KeyRule} finds, or only the command itself. */
    public static KeySpec unknown(final int flags)
    {
        return new KeySpec(Begin.UNKNOWN, 0, null, Find.UNKNOWN, new int[0], flags);
    }

    public int flags()
    {
        return flags;
    }

    boolean has(final int flag)
    {
        return 0 != (flags & flag);
    }

    /** True for a range that begins at a fixed place. */
    boolean isRange()
    {
        return Begin.INDEX == begin && Find.RANGE == find;
    }

    /** Of a range: index of the first key. */
    int first()
    {
        return start;
    }

    /** Of a range: index of the last key, from the end if negative. */
    int last()
    {
        return numbers[0] < 0 ? numbers[0] : start + numbers[0];
    }

    /** Of a range. */
    int step()
    {
        return numbers[1];
    }

    /**
     * Add the keys of a call; none if the word that they stand behind is not in it.
     *
     * @return false if there is none where this says that keys are; then nothing is added.
     */
    boolean find(final ArgVector args, final KeyPositions found)
    {
        if (Begin.UNKNOWN == begin)
        {
            return false;
        }

        final int first = Begin.INDEX == begin ? start : behindWord(args);
        if (first >= args.count() && Begin.KEYWORD == begin)
        {
            return true;
        }

        return Find.RANGE == find
            ? add(first, lastOfRange(first, args.count()), numbers[1], args.count(), found)
            : addCounted(first, args, found);
    }

    /** Index of the argument behind the word; the number of arguments if there is none. */
    private int behindWord(final ArgVector args)
    {
        final int step = start > 0 ? 1 : -1;
        // Backwards it is not looked for in the first argument.
        final int end = start > 0 ? args.count() : 1;
        for (int i = start > 0 ? start : args.count() + start; step > 0 ? i < end : i > end; i += step)
        {
            if (args.is(i, word))
            {
                return i + 1;
            }
        }

        return args.count();
    }

    private int lastOfRange(final int first, final int count)
    {
        final int last = numbers[0];
        final int limit = numbers[2];
        if (last >= 0)
        {
            return first + last;
        }

        return limit > 1 ? first + (count - first) / limit + last : count + last;
    }

    private boolean addCounted(final int begin, final ArgVector args, final KeyPositions found)
    {
        final int at = begin + numbers[0];
        if (at >= args.count() || !Decimal.isCanonical(args.address(at), args.length(at)))
        {
            return false;
        }

        final long count = Decimal.parse(args.address(at), args.length(at));
        final int first = begin + numbers[1];
        // Checked before it is multiplied, which might overflow.
        return count > 0 && count <= args.count() &&
            add(first, first + ((int)count - 1) * numbers[2], numbers[2], args.count(), found);
    }

    private boolean add(
        final int first, final int last, final int step, final int count, final KeyPositions found)
    {
        if (last < first || last >= count)
        {
            return false;
        }

        for (int i = first; i <= last; i += step)
        {
            found.add(i, flags);
        }

        return true;
    }

    /** The map of COMMAND INFO. @param note for people, or null. */
    void write(final String note, final ReplyWriter out)
    {
        out.map(3 + ArgumentDoc.one(null != note));
        ArgumentDoc.pair("notes", note, out);
        out.bulk("flags");
        CommandDoc.writeFlags(KeyFlags.names(flags), out);
        out.bulk("begin_search");
        writeBegin(out);
        out.bulk("find_keys");
        writeFind(out);
    }

    private void writeBegin(final ReplyWriter out)
    {
        switch (begin)
        {
            case INDEX -> {
                writeType("index", 1, out);
                writeNumber("index", start, out);
            }
            case KEYWORD -> {
                writeType("keyword", 2, out);
                ArgumentDoc.pair("keyword", word, out);
                writeNumber("startfrom", start, out);
            }
            default -> writeType("unknown", 0, out);
        }
    }

    private void writeFind(final ReplyWriter out)
    {
        switch (find)
        {
            case RANGE -> {
                writeType("range", 3, out);
                writeNumber("lastkey", numbers[0], out);
                writeNumber("keystep", numbers[1], out);
                writeNumber("limit", numbers[2], out);
            }
            case COUNT -> {
                writeType("keynum", 3, out);
                writeNumber("keynumidx", numbers[0], out);
                writeNumber("firstkey", numbers[1], out);
                writeNumber("keystep", numbers[2], out);
            }
            default -> writeType("unknown", 0, out);
        }
    }

    private static void writeType(final String type, final int pairs, final ReplyWriter out)
    {
        out.map(2);
        ArgumentDoc.pair("type", type, out);
        out.bulk("spec");
        out.map(pairs);
    }

    private static void writeNumber(final String name, final int number, final ReplyWriter out)
    {
        out.bulk(name);
        out.integer(number);
    }
}
