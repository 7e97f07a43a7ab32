package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a reply two servers with equal data must have in common: elements without an order are sorted, what is drawn by
 * lot counts by its number alone, times are left out. Pure functions.
 */
final class ReplyMasks
{
    private static final Set<String> UNORDERED = Set.of("HKEYS", "HVALS", "SMEMBERS", "SINTER", "SUNION", "SDIFF",
        "KEYS");
    private static final Set<String> UNORDERED_PAIRS = Set.of("HGETALL");
    private static final Set<String> SCANS = Set.of("SCAN", "HSCAN", "SSCAN", "ZSCAN");
    private static final Set<String> DRAWN = Set.of("HRANDFIELD", "SRANDMEMBER", "ZRANDMEMBER", "SPOP", "RANDOMKEY");
    private static final Set<String> TIMES = Set.of("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME");

    private static final String QUEUED = "+QUEUED\r\n";

    /** Encodings that 7.0 does not have yet, or not for this type. */
    private static final Map<String, String> ENCODINGS = Map.of(
        "set listpack", "hashtable", "list listpack", "quicklist");

    private static final Pattern DOUBLE = Pattern.compile("(\\$\\d+\r\n|,)(-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)\r\n");
    /**
     * How far a group lags behind is a guess where entries were deleted, and below zero in 7.0; in 7.2 who reads nothing
     * is a consumer, too.
     */
    private static final Pattern GUESSES = Pattern.compile(
        "\\$(3\r\nlag|9\r\nconsumers)\r\n(:-?\\d+|_|\\$-1)\r\n");

    private static final Pattern NUMBER = Pattern.compile(":\\d{3,}");

    private ReplyMasks()
    {
    }

    /** @param words of the command. */
    static String of(final List<String> words, final String replied)
    {
        final String name = words.get(0).toUpperCase(Locale.ROOT);
        final String reply = name.startsWith("Z") || name.startsWith("BZ") ? doubles(replied) : replied;
        if (reply.isEmpty() || '-' == reply.charAt(0) || QUEUED.equals(reply))
        {
            return reply;
        }

        if (UNORDERED.contains(name))
        {
            return sorted(reply, 1);
        }

        if (UNORDERED_PAIRS.contains(name))
        {
            return sorted(reply, 2);
        }

        if (SCANS.contains(name))
        {
            return "SCAN".equals(name)
                ? "a page"
                : "page " + sorted(
                    Frames.elements(reply).get(1), "SSCAN".equals(name) ? 1 : 2);
        }

        if (DRAWN.contains(name))
        {
            return isAggregate(reply) ? reply.substring(0, reply.indexOf('\r')) : reply.substring(0, 1);
        }

        if (name.startsWith("SORT"))
        {
            return ofSort(words, reply);
        }

        if ("XINFO".equals(name))
        {
            return GUESSES.matcher(reply).replaceAll("$1");
        }

        if ("XGROUP".equals(name) && words.size() > 1 && "CREATECONSUMER".equals(words.get(1)))
        {
            return reply.substring(0, 1);
        }

        return TIMES.contains(name) ? NUMBER.matcher(reply).replaceAll(":N") : reply;
    }

    /** Scores have 17 digits in 7.0, as few as will do in 7.2. */
    private static String doubles(final String reply)
    {
        return DOUBLE.matcher(reply).replaceAll((match) ->
        {
            final String text = Double.toString(Double.parseDouble(match.group(2)));
            final boolean isBulk = match.group(1).startsWith("$");
            return Matcher.quoteReplacement((isBulk ? "$" + text.length() + "\r\n" : ",") + text + "\r\n");
        });
    }

    /** True if 7.2 may say another encoding than 7.0: a ZADD of many members makes a large set whatever becomes of them. */
    static boolean isOtherEncoding(final String type, final String theirs, final String ours)
    {
        return "zset".equals(type) && "listpack".equals(theirs) && "skiplist".equals(ours);
    }

    /** Members of a set come in any order if none is wanted, and texts are equal for Redis up to their first zero byte. */
    private static String ofSort(final List<String> words, final String reply)
    {
        if (words.contains("nosort") && words.contains("LIMIT"))
        {
            return isAggregate(reply) ? reply.substring(0, reply.indexOf('\r')) : reply;
        }

        final int gets = (int)words.stream().filter("GET"::equals).count();
        return words.contains("nosort") || reply.indexOf(0) >= 0 ? sorted(reply, Math.max(1, gets)) : reply;
    }

    /** As OBJECT ENCODING of Redis 7.0 says it. */
    static String encoding(final String type, final String encoding)
    {
        return ENCODINGS.getOrDefault(type + " " + encoding, encoding);
    }

    private static boolean isAggregate(final String reply)
    {
        return "*%~".indexOf(reply.charAt(0)) >= 0;
    }

    /** The elements in groups of so many that stay together, the groups sorted. */
    private static String sorted(final String reply, final int group)
    {
        if (!isAggregate(reply))
        {
            return reply;
        }

        final List<String> elements = Frames.elements(reply);
        final List<String> groups = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += group)
        {
            groups.add(String.join("", elements.subList(i, Math.min(elements.size(), i + group))));
        }

        groups.sort(null);
        return reply.substring(0, reply.indexOf('\r')) + groups;
    }
}
