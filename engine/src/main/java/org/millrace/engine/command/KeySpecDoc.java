package org.millrace.engine.command;

import java.util.List;
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
