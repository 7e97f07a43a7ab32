package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/CONFIGURATION.md is the option table in another shape; run with -Dmillrace.docs.write=true to renew it. */
class ConfigurationReferenceTest
{
    private static final String HEAD = """
        # Configuration

        Every directive of `redis.conf` and of `./millrace server --option value`, from the option table in
        `engine`, package `config`. This file is generated; a test compares it with the table.

        *Set* says whether CONFIG SET may change it: `yes`, `no`, or `protected` (only with
        `enable-protected-configs`). *Worth* says what becomes of the value:

        - `held`: Millrace does what it says;
        - `no meaning`: there is nothing here that it could change, or another option, which has only one possible
          value, would have to be on: accepted in silence and printed back;
        - `warned`: accepted, but another value than the default changes nothing, and a line at start says so;
        - `default only`: another value promises safety, room or a restriction of access that would not be kept. It
          stops the start, and CONFIG SET refuses it, with the reason that is given below the table.

        | Option | Default | Set | Worth | Meaning |
        |---|---|---|---|---|
        """;

    private static final String USERS = """

        A `user` line has a name and rules, as ACL SETUSER takes them; each name has one line at most. `requirepass` is the
        password of the user `default`, unless a line or the ACL file speaks of that user. There are `user` lines or an
        `aclfile`, not both. What is wrong in either stops the start.
        """;

    @Test
    void shouldEqualTheOptionTable() throws IOException
    {
        final StringBuilder text = new StringBuilder(HEAD);
        final Config defaults = Config.inMemory();
        for (final ConfigOption option : ConfigOption.values())
        {
            if (!option.isHidden())
            {
                appendRow(text, option, defaults);
            }
        }

        text.append("\nWhy only the default:\n\n");
        for (final ConfigOption option : ConfigOption.values())
        {
            if (OptionEffect.ONLY_DEFAULT == option.effect())
            {
                text.append("- `").append(option.optionName()).append("`: ").append(option.refusal()).append(".\n");
            }
        }

        text.append(USERS);
        final Path file = Path.of("..", "docs", "CONFIGURATION.md");
        if (Boolean.getBoolean("millrace.docs.write"))
        {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        assertEquals(text.toString(), Files.readString(file, StandardCharsets.UTF_8));
    }

    private static void appendRow(final StringBuilder text, final ConfigOption option, final Config defaults)
    {
        final String value = option.isFileOnly() || ConfigOption.DIR == option ? "" : defaults.print(option);
        text.append("| `").append(option.optionName()).append('`');
        if (null != option.alias())
        {
            text.append(" (`").append(option.alias()).append("`)");
        }

        text.append(" | ").append(value.isEmpty() ? "" : "`" + value + "`");
        text.append(" | ").append(setting(option));
        text.append(" | ").append(effect(option));
        text.append(" | ").append(option.doc()).append(" |\n");
    }

    private static String setting(final ConfigOption option)
    {
        if (option.isProtected())
        {
            return "protected";
        }

        return option.isImmutable() || option.isFileOnly() ? "no" : "yes";
    }

    private static String effect(final ConfigOption option)
    {
        return switch (option.effect())
        {
            case HELD -> "held";
            case NO_MEANING -> "no meaning";
            case WARNED -> "warned";
            case ONLY_DEFAULT -> "default only";
        };
    }
}
