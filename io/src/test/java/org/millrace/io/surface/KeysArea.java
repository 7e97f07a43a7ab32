package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which arguments of a call are its keys, and what it does with them: for each command held, called in every form. */
final class KeysArea
{
    private static final int MUTATED_MAX = 3;

    private final Pair pair;
    private final Differences differences;
    private final Templates templates = new Templates("payload");

    KeysArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        final Reply docs = pair.millrace.call("COMMAND", "DOCS");
        for (int i = 0; i < docs.items().size(); i += 2)
        {
            final Reply subs = docs.items().get(i + 1).get("subcommands");
            if (null == subs)
            {
                calls(List.of(docs.items().get(i).text()), docs.items().get(i + 1));
            }

            for (int j = 0; null != subs && j < subs.items().size(); j += 2)
            {
                calls(Arrays.asList(subs.items().get(j).text().split("\\|")), subs.items().get(j + 1));
            }
        }
    }

    private void calls(final List<String> name, final Reply docs)
    {
        final Set<List<String>> calls = new LinkedHashSet<>();
        for (final List<String> call : templates.of(name, docs))
        {
            calls.add(call);
            Mutations.of(call, name.size()).stream().filter((other) -> other.size() != call.size())
                .limit(MUTATED_MAX).forEach(calls::add);
        }

        final List<List<String>> commands = new ArrayList<>();
        for (final String form : List.of("GETKEYS", "GETKEYSANDFLAGS"))
        {
            for (final List<String> call : calls)
            {
                final List<String> command = new ArrayList<>(List.of("COMMAND", form));
                command.addAll(call);
                commands.add(command);
            }
        }

        final List<Reply> redis = pair.redis.pipeline(commands);
        final List<Reply> millrace = pair.millrace.pipeline(commands);
        for (int i = 0; i < commands.size(); i++)
        {
            differences.compare(
                String.join(" ", commands.get(i)), redis.get(i).toString(), millrace.get(i).toString());
        }
    }
}
