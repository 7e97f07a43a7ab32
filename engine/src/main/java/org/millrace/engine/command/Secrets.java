package org.millrace.engine.command;

import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.resp.ArgVector;

/**
 * Which arguments of a command are shown to nobody: passwords. Whoever tells of commands, MONITOR, SLOWLOG or a log,
 * asks here and shows {@link #REDACTED} instead. By row, so that a new name of a command hides no less; and also where
 * the command is wrong, for a password in a line with a typing error is one nevertheless.
 */
public final class Secrets
{
    /** What is shown. */
    public static final String REDACTED = "(redacted)";

    private static final int OPTION_NAME_MAX = 64;

    private Secrets()
    {
    }

    /** True if the argument must not be shown. */
    public static boolean isSecret(final CommandSpec spec, final ArgVector args, final int index)
    {
        if (null != spec.parent())
        {
            return "set".equals(spec.name()) && "config".equals(spec.parent().name()) && index > 2 &&
                isSensitiveOption(args, index - 1);
        }

        return switch (spec.name())
        {
            case "auth" -> index > 0;
            case "hello" -> index > 2 && isCredential(args, index);
            default -> false;
        };
    }

    /** Name or password behind AUTH. What follows SETNAME is a name even if that is AUTH. */
    private static boolean isCredential(final ArgVector args, final int index)
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
