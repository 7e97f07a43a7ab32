package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Valid calls of a command, made from the arguments that COMMAND DOCS describes: the shortest, one for each alternative
 * and option, one for each two options together, one for each option twice.
 */
final class Templates
{
    /** Seconds that a client waits for a key. */
    static final String TIMEOUT = "0.001";

    /** What stands for an argument of this name. */
    private static final Map<String, String> BY_NAME = Map.ofEntries(
        Map.entry("cursor", "0"),
        Map.entry("index", "0"),
        Map.entry("index1", "0"),
        Map.entry("index2", "1"),
        Map.entry("db", "1"),
        Map.entry("destination-db", "1"),
        Map.entry("ttl", "0"),
        Map.entry("bit", "1"),
        Map.entry("encoding", "u8"),
        Map.entry("protover", "2"),
        Map.entry("numreplicas", "0"),
        Map.entry("command", "get"),
        Map.entry("milliseconds", "100000"),
        Map.entry("seconds", "100"),
        Map.entry("username", "default"),
        Map.entry("command-name", "get"),
        Map.entry("numkeys", "1"),
        Map.entry("timeout", TIMEOUT),
        Map.entry("id", "1-1"),
        Map.entry("start", "0"),
        Map.entry("stop", "-1"),
        Map.entry("end", "5"),
        Map.entry("min-idle-time", "0"));

    private static final Map<String, String> BY_TYPE = Map.of(
        "string", "value",
        "integer", "1",
        "double", "1.5",
        "pattern", "*",
        "unix-time", "99999999999");

    /** An alternative that each server answers by its own clock. */
    private static final String CLOCK = "auto-id";

    /** Whose commands the server beside ours does not know. */
    private static final String NEWER = "7.4.0";

    private static final int CALLS_MAX = 60;

    private final String payload;
    private int keys;

    /** @param payload of DUMP, for RESTORE. */
    Templates(final String payload)
    {
        this.payload = payload;
    }

    /** @param name words of the command and, in a container, the subcommand. @param docs what COMMAND DOCS says. */
    List<List<String>> of(final List<String> name, final Reply docs)
    {
        if (NEWER.equals(docs.get("since").text()))
        {
            return List.of();
        }

        final Reply arguments = docs.get("arguments");
        final Set<List<String>> calls = new LinkedHashSet<>();
        if (null == arguments)
        {
            calls.add(name);
        }
        else
        {
            for (final List<String> words : sequences(arguments.items(), true))
            {
                final List<String> call = new ArrayList<>(name);
                call.addAll(words);
                calls.add(call);
            }
        }

        return calls.stream().limit(CALLS_MAX).toList();
    }

    private List<List<String>> sequences(final List<Reply> arguments, final boolean isWhole)
    {
        final List<List<List<String>>> alternatives = new ArrayList<>();
        final boolean[] isOptional = new boolean[arguments.size()];
        keys = isWhole ? 0 : keys;
        for (int i = 0; i < arguments.size(); i++)
        {
            alternatives.add(alternatives(arguments.get(i)));
            isOptional[i] = has(arguments.get(i), "optional");
        }

        final List<List<String>> found = new ArrayList<>();
        found.add(sequence(alternatives, isOptional, -1, null));
        for (int i = 0; i < alternatives.size(); i++)
        {
            for (final List<String> words : alternatives.get(i))
            {
                found.add(sequence(alternatives, isOptional, i, words));
            }
        }

        for (int i = 0; isWhole && i < alternatives.size(); i++)
        {
            final boolean[] isLeft = isOptional.clone();
            for (int j = i; isOptional[i] && j < alternatives.size(); j++)
            {
                // The second time, or beside another option.
                isLeft[i] = false;
                for (final List<String> words : i == j || isOptional[j] ? alternatives.get(j) : List.<List<String>>of())
                {
                    final List<String> more = new ArrayList<>(i == j ? alternatives.get(i).get(0) : List.of());
                    more.addAll(words);
                    found.add(sequence(alternatives, isLeft, j, more));
                }
            }
        }

        return found;
    }

    /** The argument at an index as given, of the others the first alternative where they are not optional. */
    private static List<String> sequence(
        final List<List<List<String>>> alternatives,
        final boolean[] isOptional,
        final int index,
        final List<String> words)
    {
        final List<String> call = new ArrayList<>();
        for (int i = 0; i < alternatives.size(); i++)
        {
            if (i == index)
            {
                call.addAll(words);
            }
            else if (!isOptional[i])
            {
                call.addAll(alternatives.get(i).get(0));
            }
        }

        return call;
    }

    private List<List<String>> alternatives(final Reply argument)
    {
        final String type = argument.get("type").text();
        if (CLOCK.equals(argument.get("name").text()))
        {
            return List.of();
        }

        final List<List<String>> plain = switch (type)
        {
            case "oneof" ->
                argument.get("arguments").items().stream().flatMap((a) -> alternatives(a).stream()).toList();
            case "block" -> sequences(argument.get("arguments").items(), false);
            case "pure-token" -> List.of(List.<String>of());
            default -> List.of(List.of(value(argument, type)));
        };
        final Reply token = argument.get("token");
        final List<List<String>> found = new ArrayList<>();
        for (final List<String> words : plain)
        {
            final List<String> once = new ArrayList<>(null == token ? List.of() : List.of(token.text()));
            once.addAll(words);
            found.add(once);
        }

        if (has(argument, "multiple"))
        {
            final List<String> twice = new ArrayList<>(found.get(0));
            twice.addAll(has(argument, "multiple_token") || null == token ? again(found.get(0), type) : plain.get(0));
            found.add(twice);
        }

        return found;
    }

    /** The same with another key. */
    private List<String> again(final List<String> words, final String type)
    {
        return "key".equals(type) ? List.of("k" + ++keys) : words;
    }

    private String value(final Reply argument, final String type)
    {
        final String name = argument.get("name").text();
        if ("key".equals(type))
        {
            return "k" + ++keys;
        }

        if ("serialized-value".equals(name))
        {
            return payload;
        }

        final String named = BY_NAME.get(name);
        return null == named ? BY_TYPE.getOrDefault(type, "value") : named;
    }

    private static boolean has(final Reply argument, final String flag)
    {
        final Reply flags = argument.get("flags");
        return null != flags && flags.texts().contains(flag);
    }
}
