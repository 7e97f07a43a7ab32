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
        `enable-protected-configs`). *Effect* says whether Millrace acts upon it: `full`; `none`: accepted, printed
        back, and named in a warning at start; a value in brackets: without effect, but that value describes what
        Millrace does, so it is accepted without a warning.

        | Option | Default | Set | Effect | Meaning |
        |---|---|---|---|---|
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
        final OptionRow row = option.row();
        if (row.isEffective)
        {
            return "full";
        }

        return null == row.honouredValue ? "none" : "(`" + row.honouredValue + "`)";
    }
}
