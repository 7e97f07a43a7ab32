package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of options and the words about them: a line each, in one order. */
class OptionTextsTest
{
    private static final Path TABLE = Path.of("src/main/java/org/millrace/engine/config/ConfigOption.java");
    private static final Path TEXTS = Path.of("src/main/resources/org/millrace/engine/config/options.txt");
    private static final int COLUMNS = 120;

    @Test
    void shouldSayOfEachOptionWhatItDoes() throws IOException
    {
        final List<String> described = lines(TEXTS).stream()
            .filter((line) -> !line.startsWith("#") && !line.startsWith(" "))
            .map((line) -> line.substring(0, line.indexOf(':'))).toList();

        assertEquals(Arrays.stream(ConfigOption.values()).map(ConfigOption::optionName).toList(), described);
        for (final ConfigOption option : ConfigOption.values())
        {
            final String name = option.optionName();
            assertTrue(option.doc().endsWith("."), name);
            assertEquals(OptionEffect.ONLY_DEFAULT == option.effect(), null != option.refusal(), name);
            assertTrue(null == option.refusal() || !option.refusal().endsWith("."), name);
        }
    }

    @Test
    void shouldBeATableOfOneLineARow() throws IOException
    {
        final List<String> lines = lines(TABLE);
        final List<String> rows = lines.subList(
            1 + lines.indexOf("    // @formatter:off"), lines.indexOf("    // @formatter:on"));

        assertEquals(
            Arrays.stream(ConfigOption.values()).map(Enum::name).toList(),
            rows.stream().map((row) -> row.strip().split("[ (]", 2)[0]).toList());
        assertEquals(List.of(), rows.stream().filter((row) -> row.length() > COLUMNS).toList());
    }

    private static List<String> lines(final Path file) throws IOException
    {
        return Files.readAllLines(file, StandardCharsets.UTF_8);
    }
}
