package org.millrace.engine.command;

import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.resp.ArgVector;

/**
 * Rules for the arguments that are shown to nobody: passwords. Whoever tells of commands, MONITOR, SLOWLOG or a log,
 * asks the row ({@link CommandSpec#isSecret}) and shows {@link #REDACTED} instead: a new name of a command hides no
 * less. Also where the command is wrong, for a password in a line with a typing error is one nevertheless.
 */
public final class Secrets
{
    /** What is shown. */
    public static final String REDACTED = "(redacted)";

    private static final int OPTION_NAME_MAX = 64;
    private static final int MIGRATE_OPTIONS = 6;

    private Secrets()
    {
    }

    /** All but the name of the command. */
    public static boolean isArgument(final ArgVector args, final int index)
    {
        return index > 0;
    }

    /** All but the names of the command and the subcommand. */
    public static boolean isOfSubcommand(final ArgVector args, final int index)
    {
        return index > 1;
    }

    /** Name or password behind AUTH, the third argument or later. What follows SETNAME is a name even if that is AUTH. */
    public static boolean isCredential(final ArgVector args, final int index)
    {
        int at = 2;
        while (at < index)
        {
            if (args.is(at, "AUTH"))
            {
                if (index <= at + 2)
                {
                    return true;
                }

                at += 3;
            }
            else
            {
                at += args.is(at, "SETNAME") ? 2 : 1;
            }
        }

        return false;
    }

    /** What follows AUTH or AUTH2 among the options of MIGRATE, which end with KEYS. */
    public static boolean isOfMigration(final ArgVector args, final int index)
    {
        int at = MIGRATE_OPTIONS;
        while (at < index && !args.is(at, "KEYS"))
        {
            final int secrets = args.is(at, "AUTH") ? 1 : args.is(at, "AUTH2") ? 2 : 0;
            if (index <= at + secrets)
            {
                return true;
            }

            at += 1 + secrets;
        }

        return false;
    }

    /** The word behind the name of an option whose value is sensitive, the fourth argument or later. */
    public static boolean isOfSensitiveOption(final ArgVector args, final int index)
    {
        return index > 2 && isSensitiveOption(args, index - 1);
    }

    private static boolean isSensitiveOption(final ArgVector args, final int index)
    {
        if (args.length(index) > OPTION_NAME_MAX)
        {
            return false;
        }

        final ConfigOption option = ConfigOption.byName(args.text(index));
        return null != option && option.isSensitive();
    }
}
