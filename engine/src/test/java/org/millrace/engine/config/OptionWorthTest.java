package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No option is accepted and forgotten: each row is read by some part of Millrace, or says what it is worth. */
class OptionWorthTest
{
    private static final List<Path> SOURCES = List.of(
        Path.of("src/main/java"), Path.of("..", "io", "src", "main", "java"));
    private static final Pattern CONSTANT = Pattern.compile("ConfigOption\\.([A-Z][A-Z0-9_]*)\\b");
    private static final Pattern SETTING = Pattern
        .compile("public (?!static|final)\\w+(?:\\.\\w+)? (\\w+)(?: = [^;]*)?;");

    /** Read by the configuration itself, which has a getter or a list for each. */
    private static final Set<ConfigOption> BY_GETTER = EnumSet.of(
        ConfigOption.DIR, ConfigOption.REPLICAOF, ConfigOption.RENAME_COMMAND, ConfigOption.USER,
        ConfigOption.INCLUDE, ConfigOption.SENTINEL, ConfigOption.CLIENT_OUTPUT_BUFFER_LIMIT, ConfigOption.SAVE,
        ConfigOption.RDB_VERSION, ConfigOption.ENABLE_PROTECTED_CONFIGS);

    @Test
    void shouldReadEachRowThatSaysItIsHeld()
    {
        final Set<String> read = new HashSet<>();
        for (final Path file : sources())
        {
            if (!file.getParent().endsWith("engine/config"))
            {
                final Matcher matcher = CONSTANT.matcher(text(file));
                while (matcher.find())
                {
                    read.add(matcher.group(1));
                }
            }
        }

        final List<String> forgotten = new ArrayList<>();
        for (final ConfigOption option : ConfigOption.values())
        {
            if (OptionEffect.HELD == option.effect() && !BY_GETTER.contains(option) && !read.contains(option.name()))
            {
                forgotten.add(option.optionName());
            }
        }

        assertEquals(List.of(), forgotten, "options that nothing reads and whose row does not say so");
    }

    /** An option that is copied into a field which nobody looks at is not read either. */
    @Test
    void shouldReadEachFieldThatOptionsAreCopiedTo()
    {
        final List<String> forgotten = new ArrayList<>();
        for (final String name : List.of(
            "command/Settings", "replication/primary/PrimarySettings", "replication/replica/ReplicaSettings"))
        {
            final Path file = Path.of("src/main/java/org/millrace/engine", name + ".java");
            final Matcher matcher = SETTING.matcher(text(file));
            int fields = 0;
            while (matcher.find())
            {
                fields++;
                final Pattern use = Pattern.compile("\\b" + matcher.group(1) + "\\b");
                final boolean isInside = text(file).split(use.pattern(), -1).length > 2;
                final boolean isRead = sources().stream()
                    .filter((other) -> !other.endsWith(file.getFileName()))
                    .filter((other) -> !other.getFileName().toString()
                        .matches("(Replication|Settings).*(Settings|Binding).java"))
                    .anyMatch((other) -> use.matcher(text(other)).find());
                if (!isRead && !isInside)
                {
                    forgotten.add(name + "." + matcher.group(1));
                }
            }

            assertTrue(fields > 5, name + " has fields: " + fields);
        }

        assertEquals(List.of(), forgotten);
    }

    @Test
    void shouldGiveAReasonForEachRefusal()
    {
        for (final ConfigOption option : ConfigOption.values())
        {
            final String refusal = option.refusal();
            assertEquals(OptionEffect.ONLY_DEFAULT == option.effect(), null != refusal, option.optionName());
            assertFalse(null != refusal && refusal.endsWith("."), refusal);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cluster-enabled, yes, no",
        "socket-mark-id, 7, 0"
    })
    void shouldRefuseWhatWouldNotBeKeptAndTakeWhatIsHarmless(
        final String name, final String value, final String harmless) throws ConfigException
    {
        final ConfigOption option = ConfigOption.byName(name);
        final Config started = Config.inMemory();
        started.load(option, List.of(value));
        final ConfigException stopped = assertThrows(ConfigException.class, started::conclude);
        assertEquals(option, stopped.option());
        assertEquals(option.refusal(), stopped.getMessage());

        started.load(option, List.of(harmless));
        started.conclude();
        assertEquals(List.of(), started.withoutEffect());

        final Config running = Config.inMemory();
        if (!option.isImmutable())
        {
            assertEquals(
                "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + option.refusal(),
                running.set(List.of("maxmemory", "1gb", name, value), false, true));
            assertEquals(0, running.number(ConfigOption.MAXMEMORY));
            assertNull(running.set(List.of(name, harmless), false, true));
        }

        assertEquals(harmless, running.print(option));
    }

    @Test
    void shouldRefuseModules() throws ConfigException
    {
        final Config config = Config.inMemory();
        config.load(ConfigOption.LOADMODULE, List.of("/usr/lib/bloom.so"));
        assertEquals(ConfigOption.LOADMODULE, assertThrows(ConfigException.class, config::conclude).option());
    }

    @Test
    void shouldTakeEveryWordOfEveryChoice()
    {
        for (final ConfigOption option : ConfigOption.values())
        {
            for (final String word : option.words())
            {
                if (OptionType.CHOICE == option.type() && OptionEffect.ONLY_DEFAULT != option.effect())
                {
                    final Config config = Config.inMemory();
                    assertLoads(config, option, word.toUpperCase(java.util.Locale.ROOT));
                    // oom-score-adj has two words for one value and shows the first, as Redis does.
                    assertEquals("relative".equals(word) ? "yes" : word, config.print(option));
                }
            }
        }

        assertNotNull(ConfigOption.byName("loglevel"));
    }

    private static void assertLoads(final Config config, final ConfigOption option, final String word)
    {
        try
        {
            config.load(option, List.of(word));
            config.conclude();
        }
        catch (final ConfigException e)
        {
            throw new AssertionError(option.optionName() + " " + word + ": " + e.getMessage(), e);
        }
    }

    private static List<Path> sources()
    {
        final List<Path> found = new ArrayList<>();
        for (final Path root : SOURCES)
        {
            try (Stream<Path> files = Files.walk(root))
            {
                files.filter((path) -> path.toString().endsWith(".java")).forEach(found::add);
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }

        return found;
    }

    private static String text(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
