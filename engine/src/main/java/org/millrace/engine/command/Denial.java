package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/**
 * What a check of a user's rights answers, as one number: {@link #NONE}, or what is denied and the argument for which it
 * is. Of two denials the greater one tells more. Pure functions.
 *
 * <pre>
 *    bits 31..28     27..0
 *   +-----------+----------------------+
 *   |   kind    | index of an argument |
 *   +-----------+----------------------+
 * </pre>
 */
public final class Denial
{
    /** All is allowed. */
    public static final int NONE = 0;

    /** Kinds. */
    public static final int COMMAND = 1;
    public static final int KEY = 2;
    public static final int CHANNEL = 3;

    private static final int KIND_SHIFT = 28;
    private static final int INDEX_MASK = (1 << KIND_SHIFT) - 1;

    private Denial()
    {
    }

    public static int of(final int kind, final int index)
    {
        return kind << KIND_SHIFT | index;
    }

    public static int kind(final int denial)
    {
        return denial >>> KIND_SHIFT;
    }

    /** Of the key or channel that is denied; 0 for a command. */
    public static int index(final int denial)
    {
        return denial & INDEX_MASK;
    }

    /** Why a client's command is refused, without a code in front and without naming the key. */
    static String text(final int denial, final Rights rights, final CommandSpec row)
    {
        return switch (kind(denial))
        {
            case COMMAND -> ofCommand(rights, row);
            case KEY -> "No permissions to access a key";
            default -> "No permissions to access a channel";
        };
    }

    /** The same for who may know all rights: names the key or channel. */
    public static String fullText(
        final int denial, final Rights rights, final CommandSpec row, final ArgVector args)
    {
        return switch (kind(denial))
        {
            case COMMAND -> ofCommand(rights, row);
            case KEY -> ofArgument(denial, rights, args, "key");
            default -> ofArgument(denial, rights, args, "channel");
        };
    }

    private static String ofCommand(final Rights rights, final CommandSpec row)
    {
        return "User " + rights.name() + " has no permissions to run the '" + row.fullName() + "' command";
    }

    private static String ofArgument(
        final int denial, final Rights rights, final ArgVector args, final String what)
    {
        return "User " + rights.name() + " has no permissions to access the '" + args.text(index(denial)) + "' " + what;
    }

    /** Why a command that was allowed when it was queued no longer is. */
    static String afterQueued(final int denial)
    {
        final String reason = switch (kind(denial))
        {
            case COMMAND -> "no permission to execute the command or subcommand";
            case KEY -> "no permission to touch the specified keys";
            default -> "no permission to access one of the channels used as arguments to the command";
        };
        return "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This " +
            "command is no longer allowed for the following reason: " + reason;
    }
}
