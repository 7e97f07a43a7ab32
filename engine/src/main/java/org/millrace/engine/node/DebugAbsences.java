package org.millrace.engine.node;

import java.util.Locale;
import java.util.Map;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.HelpReplies;

/** Forms of DEBUG that mean nothing here: those that tests set and go on are accepted, all others say why not. */
final class DebugAbsences
{
    private static final String NO_STRUCTURE = "values have no such structure here";
    private static final String NO_CLUSTER = "there is no cluster bus";
    private static final String NO_MALLOC = "the allocator is one of our own; MEMORY MALLOC-STATS has its figures";
    private static final String NO_RESTART = "a JVM cannot start itself anew";

    /** Why a form is refused, by its word. */
    static final Map<String, String> REASONS = Map.ofEntries(
        Map.entry("CLIENT-EVICTION", "clients are not kept in pools; CLIENT LIST has tot-mem of each"),
        Map.entry("CLUSTERLINK", NO_CLUSTER),
        Map.entry("CRASH-AND-RECOVER", NO_RESTART),
        Map.entry("DROP-CLUSTER-PACKET-FILTER", NO_CLUSTER),
        Map.entry("LEAK", "memory that nobody owns is not to be had"),
        Map.entry("LISTPACK", NO_STRUCTURE),
        Map.entry("MALLCTL", NO_MALLOC),
        Map.entry("MALLCTL-STR", NO_MALLOC),
        Map.entry("QUICKLIST", NO_STRUCTURE),
        Map.entry("RESTART", NO_RESTART),
        Map.entry("STRINGMATCH-TEST", "patterns are tested where the node is built"),
        Map.entry("STRUCTSIZE", "docs/LAYOUT.md has what lies where"));

    private DebugAbsences()
    {
    }

    static void refuse(final CommandContext context)
    {
        final String word = context.argText(1).toUpperCase(Locale.ROOT);
        context.reply().error("ERR DEBUG " + word + " is not held: " + REASONS.get(word));
    }

    /** Lists have no parts for which it would mean anything: there is nothing to set, for tests that do. */
    static void packedThreshold(final CommandContext context)
    {
        if (context.argText(2).toLowerCase(Locale.ROOT).matches("[0-9]+(b|[kmg]b?)?"))
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
        }
    }

    /** A client has a buffer of its own only while it is slow: there is nothing to set, for tests that do. */
    static void replyBuffer(final CommandContext context)
    {
        if (context.argIs(2, "PEAK-RESET-TIME") || context.argIs(2, "RESIZING"))
        {
            context.reply().ok();
        }
        else
        {
            HelpReplies.wrongForm(context, "DEBUG");
        }
    }
}
