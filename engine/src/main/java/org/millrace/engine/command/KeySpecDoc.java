package org.millrace.engine.command;

import java.util.List;
import java.util.stream.IntStream;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** One way to find keys in a command, and what happens to them, as COMMAND INFO shows it. Immutable. */
final class KeySpecDoc
{
    private static final String[] RANGE = {"lastkey", "keystep", "limit"};
    private static final String[] KEY_COUNT = {"keynumidx", "firstkey", "keystep"};

    private final List<String> flags;
    private final String begin;
    private final String find;
    private final String note;

    /** Reads one line, see the head of commands.txt. */
    KeySpecDoc(final String text)
    {
        final int noteStart = text.indexOf(" # ");
        note = noteStart < 0 ? null : text.substring(noteStart + 3);
        final String[] words = (noteStart < 0 ? text : text.substring(0, noteStart)).split(" ");
        flags = List.of(words[0].split(","));
        begin = words[1];
        find = words[2];
    }

    List<String> flags()
    {
        return flags;
    }

    /** False for what only decides about a shard: the channel of a message. */
    boolean isKey()
    {
        return !flags.contains("not_key");
    }

    /** Indices of the arguments that this describes, in order; empty if the call is too short for one. */
    int[] indices(final ArgVector args)
    {
        final int first = first(args);
        final String[] numbers = values(find);
        return switch (type(find))
        {
            case "range" -> range(first, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]),
                Integer.parseInt(numbers[2]), args.count());
            default -> throw new IllegalStateException("no rule to find keys: " + find);
        };
    }

    private int first(final ArgVector args)
    {
        final String[] places = values(begin);
        return switch (type(begin))
        {
            case "index" -> Integer.parseInt(places[0]);
            default -> throw new IllegalStateException("no rule where keys begin: " + begin);
        };
    }

    /** @param last from the first key on, or from the end if negative. @param limit part of the rest; 0, 1: all. */
    private static int[] range(final int first, final int last, final int step, final int limit, final int count)
    {
        final int end = last >= 0
            ? first + last
            : limit > 1 ? first + (count - first) / limit + last : count + last;
        return IntStream.iterate(first, (i) -> i <= end && i < count, (i) -> i + step).toArray();
    }

    void write(final ReplyWriter out)
    {
        out.map(3 + ArgumentDoc.one(null != note));
        ArgumentDoc.pair("notes", note, out);
        out.bulk("flags");
        CommandDoc.writeFlags(flags, out);
        out.bulk("begin_search");
        writeBegin(out);
        out.bulk("find_keys");
        writeFind(out);
    }

    private void writeBegin(final ReplyWriter out)
    {
        final String type = type(begin);
        final String[] values = values(begin);
        writeType(type, out);
        switch (type)
        {
            case "index" -> writeNumbers(new String[]{"index"}, values, out);
            case "keyword" -> {
                out.map(2);
                ArgumentDoc.pair("keyword", values[0], out);
                out.bulk("startfrom");
                out.integer(Integer.parseInt(values[1]));
            }
            default -> out.map(0);
        }
    }

    private void writeFind(final ReplyWriter out)
    {
        final String type = type(find);
        writeType(type, out);
        switch (type)
        {
            case "range" -> writeNumbers(RANGE, values(find), out);
            case "keynum" -> writeNumbers(KEY_COUNT, values(find), out);
            default -> out.map(0);
        }
    }

    private static void writeType(final String type, final ReplyWriter out)
    {
        out.map(2);
        ArgumentDoc.pair("type", type, out);
        out.bulk("spec");
    }

    private static void writeNumbers(final String[] names, final String[] values, final ReplyWriter out)
    {
        out.map(names.length);
        for (int i = 0; i < names.length; i++)
        {
            out.bulk(names[i]);
            out.integer(Integer.parseInt(values[i]));
        }
    }

    private static String type(final String word)
    {
        final int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    private static String[] values(final String word)
    {
        return word.substring(word.indexOf('=') + 1).split(",");
    }
}
