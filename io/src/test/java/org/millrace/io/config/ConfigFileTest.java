package org.millrace.io.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.OptionType;
import org.millrace.io.file.HostFiles;

class ConfigFileTest
{
    private static final String TITLE = "\n*** FATAL CONFIG FILE ERROR (Redis 7.2.5) ***\n";

    @TempDir
    private Path directory;
    private Config config;

    @BeforeEach
    void before() throws IOException
    {
        directory = directory.toRealPath();
        config = new Config(HostFiles::directory, HostFiles.text(directory));
    }

    @Test
    void shouldReadFileThenInputThenOptions() throws Exception
    {
        write("a.conf", "# comment\n  PORT 1\n\nmaxmemory 1gb\nhz 20\nsave 900 1\nsave 60 5\n");
        final ConfigFile file = load("port 2\nhz 30", "a.conf", "--hz", "40", "-");
        assertEquals(2, config.integer(ConfigOption.PORT));
        assertEquals(40, config.integer(ConfigOption.HZ));
        assertEquals(1L << 30, config.number(ConfigOption.MAXMEMORY));
        assertEquals("900 1 60 5", config.print(ConfigOption.SAVE));
        assertEquals(directory.resolve("a.conf"), file.path());
    }

    @Test
    void shouldSplitOneArgumentOfSeveralWords() throws Exception
    {
        load("", "--save", "60 5", "--shutdown-on-sigint", "nosave force", "--bind", "127.0.0.1 ::1");
        assertEquals("60 5", config.print(ConfigOption.SAVE));
        assertEquals("nosave force", config.print(ConfigOption.SHUTDOWN_ON_SIGINT));
        assertEquals(List.of("127.0.0.1", "::1"), config.addresses());
        assertTrue(config.isGiven(ConfigOption.BIND));
    }

    @Test
    void shouldTurnSavingOffByEmptySave() throws Exception
    {
        load("", "--save", "");
        assertEquals(0, config.savePoints().count());
        load("save ''", "-");
        assertEquals(0, config.savePoints().count());
    }

    @Test
    void shouldNameLineAndReasonWhenDirectiveIsWrong() throws Exception
    {
        assertFails(2, "foo", "Bad directive or wrong number of arguments", "--foo");
        assertFails(2, "port \"abc\"", "argument couldn't be parsed into an integer", "--port", "abc");
        assertFails(2, "port", "wrong number of arguments", "--port");
        assertFails(2, "port \"7\" \"8\"", "wrong number of arguments", "--port", "7", "8");
        assertFails(2, "save \"1 2 3\"", "Invalid save parameters", "--save", "1 2 3");
        assertFails(2, "dir \"nosuch\"", "No such file or directory", "--dir", "nosuch");

        assertFails(2, "rename-command \"GET\" \"SET\"", "Target command name already exists", "--rename-command",
            "GET", "SET");
        assertFails(2, "rename-command \"NOPE\" \"x\"", "No such command in rename-command", "--rename-command",
            "NOPE", "x");
        write("r.conf", "rename-command GET \"\"\nrename-command LPUSH y\nrename-command GET x\n");
        assertFails(3, "rename-command GET x", "No such command in rename-command", "r.conf");

        write("a.conf", "port 1\nport \"1\n");
        assertFails(2, "port \"1", "Unbalanced quotes in configuration line", "a.conf");
        write("b.conf", "port 1\nmodule.x 1\n");
        assertFails(2, "module.x 1", "Bad directive or wrong number of arguments", "b.conf");
        write("c.conf", "sentinel monitor m 127.0.0.1 1 1\n");
        assertFails(1, "sentinel monitor m 127.0.0.1 1 1", "sentinel directive while not in sentinel mode", "c.conf");
    }

    @Test
    void shouldSayWhichFileCannotBeOpened()
    {
        final ConfigFileException ex = assertThrows(ConfigFileException.class, () -> load("", "nosuch.conf"));
        assertTrue(ex.isLogLine());
        assertEquals(
            "Fatal error, can't open config file '" + directory.resolve("nosuch.conf") +
                "': No such file or directory",
            ex.getMessage());
    }

    @Test
    void shouldCheckLogFileWhenAllIsRead()
    {
        final ConfigFileException ex = assertThrows(ConfigFileException.class,
            () -> load("", "--logfile", "nosuch/log.txt"));
        assertEquals(TITLE + "Can't open the log file: No such file or directory", ex.getMessage());
    }

    @Test
    void shouldIncludeFilesAndPatterns() throws Exception
    {
        Files.createDirectories(directory.resolve("conf.d"));
        write("conf.d/20.conf", "hz 20\nport 20\n");
        write("conf.d/10.conf", "port 10\n");
        write("conf.d/.hidden.conf", "port 1\n");
        write("one.conf", "timeout 5\n");
        write("a.conf", "include one.conf\ninclude conf.d/*.conf\ninclude none.d/*.conf\nhz 30\n");
        load("", "a.conf");
        assertEquals(5, config.integer(ConfigOption.TIMEOUT));
        assertEquals(20, config.integer(ConfigOption.PORT));
        assertEquals(30, config.integer(ConfigOption.HZ));
    }

    @Test
    void shouldStopWhenFilesIncludeEachOther() throws Exception
    {
        write("a.conf", "include a.conf\n");
        assertThrows(ConfigFileException.class, () -> load("", "a.conf"));
    }

    @Test
    void shouldResolveDirectoryAndKeepItAbsolute() throws Exception
    {
        Files.createDirectories(directory.resolve("data/deep"));
        load("dir ./data\ndir deep\nlogfile log.txt", "-");
        assertEquals(directory.resolve("data/deep").toString(), config.directory());
        assertTrue(Files.exists(directory.resolve("data/deep/log.txt")));
    }

    @Test
    void shouldAcceptUnknownEffectsAndOldNames() throws Exception
    {
        load("list-max-ziplist-entries 5\nlua-replicate-commands yes\nslave-read-only no\nio-threads 4", "-");
        assertFalse(config.is(ConfigOption.REPLICA_READ_ONLY));
        assertEquals(List.of(), config.withoutEffect());
    }

    @Test
    void shouldStopAtTheLineThatPromisesWhatIsNotKept() throws Exception
    {
        write("a.conf", "port 7000\ncluster-enabled no\n# more\nCluster-Enabled yes\nhz 10\n");
        assertEquals(
            TITLE +
                "Reading the configuration file, at line 4\n>>> 'Cluster-Enabled yes'\nMillrace does not take part in a " +
                "Redis Cluster",
            assertThrows(ConfigFileException.class, () -> load("", "a.conf")).getMessage());
    }

    @Test
    void shouldJudgeTheLastValueOfAnOption() throws Exception
    {
        write("a.conf", "cluster-enabled yes\nmaxmemory-policy allkeys-lru\n");
        load("", "a.conf", "--cluster-enabled", "no", "--maxmemory-policy", "noeviction");
        assertFalse(config.is(ConfigOption.CLUSTER_ENABLED));
    }

    @Test
    void shouldStopAtUserLinesThatAreWrong()
    {
        for (final String wrong : List.of(
            "user u on nonsense': Syntax error", "user u on #12': The password hash must be exactly 64",
            "user u <x': The password you are trying to remove", "user u ~* ~a': Adding a pattern after the * pattern",
            "user u (+get': Syntax error", "user u %X~a': Syntax error"))
        {
            final String line = wrong.substring(0, wrong.indexOf('\''));
            config = new Config(HostFiles::directory, HostFiles.text(directory));
            final String message = assertThrows(ConfigFileException.class, () -> load(line, "-"), line).getMessage();
            assertTrue(message.startsWith(TITLE + "Reading the configuration file, at line 1\n>>> '" + line), message);
            final String word = line.substring(line.lastIndexOf(' ') + 1);
            assertTrue(message.contains("\nError in user declaration '" + word + wrong.substring(line.length())),
                message);
        }

        final String twice = "user u on\nuser v\nuser u off";
        config = new Config(HostFiles::directory, HostFiles.text(directory));
        final String message = assertThrows(ConfigFileException.class, () -> load(twice, "-")).getMessage();
        assertTrue(message.contains("at line 3\n>>> 'user u off'\nError in user declaration 'u': Duplicate user"),
            message);
    }

    @Test
    void shouldWriteUserLinesBackUnlessThereIsAFileForThem() throws Exception
    {
        write("u.conf", "user default on nopass sanitize-payload ~* &* +@all\nport 7000\nuser gone off\n");
        final ConfigFile file = load("", "u.conf");
        config.userLines(() -> List.of("default off", "u on >x"));
        assertNull(file.rewrite(config, false));
        final String written = Files.readString(directory.resolve("u.conf"));
        assertTrue(written.startsWith("user default off\nport 7000\nuser u on >x\n"), written);

        write("f.conf", "aclfile users.acl\nuser default off\n");
        config = new Config(HostFiles::directory, HostFiles.text(directory));
        final ConfigFile other = load("", "f.conf");
        config.userLines(() -> List.of("default off"));
        assertNull(other.rewrite(config, false));
        final String text = Files.readString(directory.resolve("f.conf"));
        assertTrue(text.contains("aclfile"), text);
        assertFalse(text.contains("user default"), text);
    }

    @Test
    void shouldRewriteFileAndLoadTheSameAgain() throws Exception
    {
        write("b.conf", "# mine\nport 7000\n");
        final ConfigFile file = load("", "b.conf", "--maxmemory", "100mb", "--requirepass", "a \"b\"\u0001");
        assertNull(config.set(List.of("min-slaves-to-write", "2", "save", "10 20"), false, false));
        config.primary("127.0.0.1", 6000);
        assertNull(file.rewrite(config, false));

        final String text = Files.readString(directory.resolve("b.conf"));
        assertTrue(text.startsWith("# mine\nport 7000\n\n# Generated by CONFIG REWRITE\n"), text);
        assertEquals(
            "rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("b.conf"))));

        final Config again = new Config(HostFiles::directory, HostFiles.text(directory));
        ConfigFile.load(
            CommandLine.parse(new String[]{"b.conf"}, directory), again, new ByteArrayInputStream(new byte[0]));
        assertEquals(config.get(List.of("*")), again.get(List.of("*")));

        assertNull(file.rewrite(again, false));
        assertEquals(text, Files.readString(directory.resolve("b.conf")));
    }

    @Test
    void shouldLoadTheSameFromAFileOfAllOptions() throws Exception
    {
        write("all.conf", "# mine\nhz 20\n");
        assertNull(load("", "all.conf", "--maxmemory", "100mb").rewrite(config, true));
        final List<String> names = Files.readAllLines(directory.resolve("all.conf")).stream()
            .map((line) -> line.split(" ", 2)[0])
            .toList();
        for (final ConfigOption option : ConfigOption.values())
        {
            // A text that is not there has no line, as in Redis.
            final boolean isText = OptionType.OPTIONAL_TEXT == option.type();
            if (!option.isFileOnly() && ConfigOption.REPLICAOF != option && !isText)
            {
                assertTrue(names.contains(option.optionName()), option.optionName());
            }
        }

        final Config again = new Config(HostFiles::directory, HostFiles.text(directory));
        ConfigFile.load(
            CommandLine.parse(new String[]{"all.conf"}, directory), again, new ByteArrayInputStream(new byte[0]));
        assertEquals(config.get(List.of("*")), again.get(List.of("*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-rw----", "rw-r--r--"})
    void shouldKeepThePermissionsOfWhatItRewrites(final String permissions) throws Exception
    {
        write("secret.conf", "requirepass s3cret\n");
        final Path path = directory.resolve("secret.conf");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        assertNull(load("", "secret.conf", "--maxmemory", "1mb").rewrite(config, false));
        assertEquals(permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void shouldSayWhyItCannotRewrite() throws Exception
    {
        assertEquals("ERR The server is running without a config file", load("", "--port", "1").rewrite(config, false));

        Files.createDirectories(directory.resolve("gone"));
        write("gone/a.conf", "port 1\n");
        final ConfigFile file = load("", "gone/a.conf");
        Files.delete(directory.resolve("gone/a.conf"));
        Files.delete(directory.resolve("gone"));
        assertEquals("ERR Rewriting config file: No such file or directory", file.rewrite(config, false));
    }

    private void assertFails(final int line, final String text, final String reason, final String... args)
    {
        final ConfigFileException ex = assertThrows(ConfigFileException.class, () -> load("", args));
        assertFalse(ex.isLogLine());
        assertEquals(
            TITLE + "Reading the configuration file, at line " + line + "\n>>> '" + text + "'\n" + reason,
            ex.getMessage());
    }

    private ConfigFile load(final String input, final String... args) throws ConfigFileException
    {
        return ConfigFile.load(
            CommandLine.parse(args, directory),
            config,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void write(final String name, final String text) throws IOException
    {
        Files.writeString(directory.resolve(name), text);
    }
}
