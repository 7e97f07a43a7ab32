package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes out of replies what differs between any two servers, or two moments. */
final class Masks
{
    private Masks()
    {
    }

    /** @param call its words, in any case. */
    static String of(final List<String> call, final Reply reply)
    {
        final String name = call.get(0).toUpperCase(Locale.ROOT);
        final String sub = call.size() > 1 ? call.get(1).toUpperCase(Locale.ROOT) : "";
        final String text = reply.toString();
        if ("HELP".equals(sub) && !reply.isError())
        {
            return "help";
        }

        return switch (name)
        {
            case "KEYS", "SMEMBERS", "SINTER", "SUNION", "SDIFF" -> sorted(reply);
            case "HRANDFIELD", "SRANDMEMBER", "ZRANDMEMBER", "SPOP" -> drawn(reply);
            // Cursors and the order of keys are the servers' own.
            case "SCAN", "SSCAN" -> reply.isError() ? text : "a page";
            case "SLOWLOG" -> words(reply, sub, "GET", "LEN");
            case "TIME", "LASTSAVE" -> numbers(text);
            case "MEMORY" -> "USAGE".equals(sub) ? numbers(text) : words(reply, sub, "DOCTOR", "STATS", "MALLOC-STATS");
            case "LATENCY" -> "HISTOGRAM".equals(sub) && call.size() > 2
                ? text.replaceAll(":\\d+( :\\d+)*", "N")
                : words(reply, sub, "DOCTOR", "HISTOGRAM");
            case "DUMP" -> reply.isError() ? text : reply.type() + "payload";
            case "ACL" -> acl(reply, sub);
            case "CLIENT" -> words(reply, sub, "ID", "INFO", "LIST");
            case "HELLO" -> text.replaceFirst("\"version\" \"[^\"]*\"", "\"version\" \"V\"")
                .replaceFirst("\"id\" :\\d+", "\"id\" :N");
            case "RANDOMKEY" -> reply.isError() || null == reply.text() ? text : "some key";
            case "PSYNC", "ROLE" -> text.replaceAll("[0-9a-f]{40}", "ID").replaceAll("\\d+", "N");
            case "OBJECT" -> "IDLETIME".equals(sub) ? numbers(text) : text;
            default -> text;
        };
    }

    private static String acl(final Reply reply, final String sub)
    {
        final String text = words(reply, sub, "LOG");
        return "GENPASS".equals(sub) && !reply.isError() ? text.replaceAll("[0-9a-f]", "h") : ofUser(text);
    }

    /** Without a flag of users that 7.2 shows and 7.0 does not. */
    static String ofUser(final String text)
    {
        return text.replace(" \"sanitize-payload\"", "").replace(" sanitize-payload", "");
    }

    /** Of these subcommands only what type of reply it is: the words are each server's own, or another area's. */
    private static String words(final Reply reply, final String sub, final String... subs)
    {
        return List.of(subs).contains(sub) && !reply.isError() ? reply.type() + "..." : reply.toString();
    }

    /** Of what was drawn by lot only how many there are. */
    private static String drawn(final Reply reply)
    {
        if (null != reply.items())
        {
            return reply.type() + "" + reply.items().size();
        }

        return '$' == reply.type() && null != reply.text() ? "some member" : reply.toString();
    }

    private static String sorted(final Reply reply)
    {
        if (null == reply.items())
        {
            return reply.toString();
        }

        final List<String> items = new ArrayList<>(reply.items().stream().map(Reply::toString).toList());
        items.sort(null);
        return reply.type() + items.toString();
    }

    private static String numbers(final String text)
    {
        return text.startsWith("-") ? text : text.replaceAll("\\d+", "N");
    }
}
