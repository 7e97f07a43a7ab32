package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.resp.ArgVector;

/** Which arguments of a call are keys, and what the command does with each, by the key specifications of its row. */
public final class KeyFinder
{
    private static final String VARIABLE = "variable_flags";
    private static final List<String> READS = List.of("RO", "access");
    private static final List<String> READS_AND_UPDATES = List.of("RW", "access", "update");
    private static final List<String> OVERWRITES = List.of("OW", "update");

    /** First argument of SET that may be an option, and of BITFIELD that may be an operation. */
    private static final int SET_OPTIONS = 3;
    private static final int BITFIELD_OPERATIONS = 2;

    /**
     * One key of a call.
     *
     * @param index of the argument.
     * @param flags in the words of COMMAND GETKEYSANDFLAGS, such as {@code RO} and {@code access}.
     */
    public record Key(int index, List<String> flags)
    {
    }

    private KeyFinder()
    {
    }

    /** False for a command whose arguments are never keys; channels of sharded messages are none. */
    public static boolean hasKeys(final CommandSpec row)
    {
        return CommandDocs.instance().keySpecs(row).stream().anyMatch(KeySpecDoc::isKey);
    }

    /**
     * The keys in the order of the specifications; the number of arguments has been checked.
     *
     * @return empty if there is none where one of the specifications says that keys are.
     */
    public static List<Key> find(final CommandSpec row, final ArgVector args)
    {
        final List<Key> found = new ArrayList<>();
        for (final KeySpecDoc keySpec : CommandDocs.instance().keySpecs(row))
        {
            if (keySpec.isKey())
            {
                final List<String> flags = keySpec.flags().contains(VARIABLE)
                    ? flagsOfCall(row, args)
                    : keySpec.flags();
                final int[] indices = keySpec.indices(args);
                if (0 == indices.length)
                {
                    return List.of();
                }

                for (final int index : indices)
                {
                    found.add(new Key(index, flags));
                }
            }
        }

        return found;
    }

    /** What a command does to its key where that depends on the other arguments. */
    private static List<String> flagsOfCall(final CommandSpec row, final ArgVector args)
    {
        return switch (row.fullName())
        {
            case "set" -> hasWord(args, SET_OPTIONS, "GET") ? READS_AND_UPDATES : OVERWRITES;
            case "bitfield" -> isReadOnly(args) ? READS : READS_AND_UPDATES;
            default -> throw new IllegalStateException("no rule for the flags of " + row.fullName());
        };
    }

    private static boolean hasWord(final ArgVector args, final int from, final String word)
    {
        for (int i = from; i < args.count(); i++)
        {
            if (args.is(i, word))
            {
                return true;
            }
        }

        return false;
    }

    /** True for a BITFIELD of nothing but GET and OVERFLOW. */
    private static boolean isReadOnly(final ArgVector args)
    {
        int i = BITFIELD_OPERATIONS;
        while (i < args.count())
        {
            final int left = args.count() - i - 1;
            if (args.is(i, "GET") && left >= 2)
            {
                i += 3;
            }
            else if (args.is(i, "OVERFLOW") && left >= 1)
            {
                i += 2;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
