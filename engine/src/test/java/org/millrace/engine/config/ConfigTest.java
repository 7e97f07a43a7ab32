package org.millrace.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.ParameterizedTest;

class ConfigTest
{
    private final Config config = Config.inMemory();

    @Test
    void shouldPrintEveryDefaultAsRedisDoes() throws IOException
    {
        int count = 0;
        try (BufferedReader reader = new BufferedReader(
            new InputStreamReader(
                ConfigTest.class.getResourceAsStream("config-get-7.0.txt"), StandardCharsets.ISO_8859_1)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                final int blank = line.indexOf(' ');
                final String name = blank < 0 ? line : line.substring(0, blank);
                final String value = blank < 0 ? "" : line.substring(blank + 1);
                assertEquals(List.of(name, value), config.get(List.of(name)), line);
                count++;
            }
        }

        assertTrue(count > 180, "lines compared: " + count);
    }

    @Test
    void shouldHaveRedisDefaultsForSaveAndPort()
    {
        assertEquals("3600 1 300 100 60 10000", config.print(ConfigOption.SAVE));
        assertEquals(6379, config.integer(ConfigOption.PORT));
        assertEquals(3, config.savePoints().count());
        assertEquals(0, config.savePoints().due(1, 3601));
        assertEquals(SavePoints.NOT_DUE, config.savePoints().due(1, 3600));
        assertEquals(268435456L, config.outputLimits().hard(OutputLimits.REPLICA));
        assertEquals(List.of("*", "-::*"), config.addresses());
        assertEquals(9, config.rdbVersion());
    }

    @Test
    void shouldAnswerPatternsWithNamesAndAliasesOnce()
    {
        assertEquals(
            List.of("replica-read-only", "yes", "slave-read-only", "yes"),
            config.get(List.of("*-Read-Only", "slave-read-only")));
        assertEquals(List.of("MAXMEMORY", "0"), config.get(List.of("MAXMEMORY", "maxmemory")));
        assertEquals(List.of(), config.get(List.of("nosuch", "rdb-key*")));
        assertEquals(List.of("rdb-key-save-delay", "0"), config.get(List.of("rdb-key-save-delay")));
        assertEquals(List.of("hz", "10"), config.get(List.of("h[xyz]")));
        assertFalse(config.get(List.of("*")).contains("include"));
    }

    @Test
    void shouldSetSeveralOptionsAtOnce()
    {
        assertNull(set("maxmemory", "100mb", "slave-priority", "7", "save", "900 1 60 5"));
        assertEquals("104857600", config.print(ConfigOption.MAXMEMORY));
        assertEquals(7, config.integer(ConfigOption.REPLICA_PRIORITY));
        assertEquals("900 1 60 5", config.print(ConfigOption.SAVE));
        assertTrue(config.isGiven(ConfigOption.MAXMEMORY));
        assertNull(set("save", ""));
        assertEquals("", config.print(ConfigOption.SAVE));
    }

    @Test
    void shouldSetNothingWhenOneValueIsRefused()
    {
        assertEquals(
            "ERR CONFIG SET failed (possibly related to argument 'slave-read-only') - " +
                "argument must be 'yes' or 'no'",
            set("maxmemory", "1gb", "save", "", "slave-read-only", "maybe"));
        assertEquals(0, config.number(ConfigOption.MAXMEMORY));
        assertEquals("3600 1 300 100 60 10000", config.print(ConfigOption.SAVE));
        assertFalse(config.isGiven(ConfigOption.MAXMEMORY));
    }

    @Test
    void shouldRefuseWithRedisWordsWhenOptionMayNotBeSet()
    {
        assertEquals("ERR Unknown option or number of arguments for CONFIG SET - 'foo'", set("foo", "bar"));
        assertEquals("ERR Unknown option or number of arguments for CONFIG SET - 'include'", set("include", "x"));
        assertEquals(failure("databases", "can't set immutable config"), set("databases", "4"));
        assertEquals(failure("dir", "can't set protected config"), set("dir", "/tmp"));
        assertEquals(failure("Hz", "duplicate parameter"), set("hz", "1", "Hz", "2"));
        assertNull(set("slave-priority", "1", "replica-priority", "2"), "two names, so two options");
        assertEquals(2, config.number(ConfigOption.REPLICA_PRIORITY));
        assertEquals("ERR syntax error", set("hz"));
        assertEquals(
            "LOADING Redis is loading the dataset in memory",
            config.set(List.of("repl-diskless-load", "swapdb"), true, true));
    }

    @Test
    void shouldRefuseWithRedisWordsWhenValueIsWrong()
    {
        refuses("port", "abc", "argument couldn't be parsed into an integer");
        refuses("port", "70000", "argument must be between 0 and 65535 inclusive");
        refuses("port", "+1", "argument couldn't be parsed into an integer");
        refuses("maxmemory", "-1", "argument must be a memory value");
        refuses("maxmemory", "1tb", "argument must be a memory value");
        refuses("maxmemory-clients", "x%", "argument must be a memory or percent value");
        refuses("maxmemory-clients", "101%", "percentage argument must be less or equal to 100");
        refuses("proto-max-bulk-len", "1", "argument must be between 1048576 and 9223372036854775807 inclusive");
        refuses("maxclients", "0", "argument must be between 1 and 4294967295 inclusive");
        refuses("loglevel", "loud",
            "argument(s) must be one of the following: debug, verbose, notice, warning, nothing");
        refuses("save", "60", "Invalid save parameters");
        refuses("save", "0 1", "Invalid save parameters");
        refuses("notify-keyspace-events", "KEq", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
        refuses("client-output-buffer-limit", "normal 1 2", "Wrong number of arguments in buffer limit configuration.");
        refuses("client-output-buffer-limit", "master 1 2 3",
            "Invalid client class specified in buffer limit configuration.");
        refuses("client-output-buffer-limit", "replica 1 2 x",
            "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
        refuses("shutdown-on-sigterm", "save nosave",
            "shutdown options SAVE and NOSAVE can't be used simultaneously");
        refuses("latency-tracking-info-percentiles", "101",
            "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
        refuses("latency-tracking-info-percentiles", "50 x", "Invalid latency-tracking-info-percentiles parameters");
        refuses("oom-score-adj-values", "1 2", "wrong number of arguments");
    }

    @Test
    void shouldPrintSpecialValuesAsRedisDoes()
    {
        assertNull(set("client-output-buffer-limit", "replica 1gb 512mb 30"));
        assertEquals(
            "normal 0 0 0 slave 1073741824 536870912 30 pubsub 33554432 8388608 60",
            config.print(ConfigOption.CLIENT_OUTPUT_BUFFER_LIMIT));
        assertNull(set("notify-keyspace-events", "KEA"));
        assertEquals("AKE", config.print(ConfigOption.NOTIFY_KEYSPACE_EVENTS));
        assertNull(set("notify-keyspace-events", "Exg$"));
        assertEquals("g$xE", config.print(ConfigOption.NOTIFY_KEYSPACE_EVENTS));
        assertNull(set("shutdown-on-sigint", "force NOSAVE"));
        assertEquals("nosave force", config.print(ConfigOption.SHUTDOWN_ON_SIGINT));
        assertNull(set("latency-tracking-info-percentiles", "50.50 100 0"));
        assertEquals("50.5 100 0", config.print(ConfigOption.LATENCY_TRACKING_INFO_PERCENTILES));
        assertNull(set("latency-tracking-info-percentiles", ""));
        assertEquals("", config.print(ConfigOption.LATENCY_TRACKING_INFO_PERCENTILES));
        assertNull(set("bind", "127.0.0.1 -::1"));
        assertEquals("127.0.0.1 -::1", config.print(ConfigOption.BIND));
        assertNull(set("maxmemory", "18446744073709551615"));
        assertEquals("18446744073709551615", config.print(ConfigOption.MAXMEMORY));
    }

    @Test
    void shouldKnowWhereValuesChangeTheirForm()
    {
        assertNull(
            set("hash-max-ziplist-entries", "7", "zset-max-ziplist-value", "1kb", "list-max-ziplist-size", "-5"));
        assertEquals(
            List.of("hash-max-listpack-entries", "7", "hash-max-ziplist-entries", "7"),
            config.get(List.of("hash-max-*-entries")));
        assertEquals(
            List.of("zset-max-listpack-value", "1024", "list-max-listpack-size", "-5"),
            config.get(List.of("zset-max-listpack-value", "list-max-listpack-size")));
        assertNull(set("set-max-intset-entries", "0", "set-max-listpack-entries", "9223372036854775807"));
        refuses("set-max-listpack-value", "1kb", "argument couldn't be parsed into an integer");
        refuses("hash-max-listpack-entries", "-1", "argument must be between 0 and 9223372036854775807 inclusive");
        refuses("list-max-ziplist-size", "3000000000", "argument must be between -2147483648 and 2147483647 inclusive");
        assertNull(set("list-compress-depth", "2", "stream-node-max-bytes", "0", "stream-node-max-entries", "3"));
    }

    @Test
    void shouldRaiseAndBoundWhatRedisRaisesAndBounds()
    {
        assertNull(set("repl-backlog-size", "100", "hz", "10000"));
        assertEquals(16384, config.number(ConfigOption.REPL_BACKLOG_SIZE));
        assertEquals(500, config.integer(ConfigOption.HZ));
        assertEquals(1L << 30, config.backlogLengthMax());
        assertNull(set("repl-backlog-size", "2gb"));
        assertEquals(2L << 30, config.backlogLengthMax());
    }

    @Test
    void shouldCallListenersOnceAndOnlyForChanges()
    {
        final List<ConfigOption> heard = new ArrayList<>();
        final ConfigListener listener = (source, option) ->
        {
            heard.add(option);
            return null;
        };
        config.listen(ConfigOption.MIN_REPLICAS_TO_WRITE, listener);
        config.listen(ConfigOption.MIN_REPLICAS_MAX_LAG, listener);

        assertNull(set("min-slaves-max-lag", "10"));
        assertEquals(List.of(), heard);
        assertNull(set("min-slaves-max-lag", "11", "min-slaves-to-write", "1"));
        assertEquals(List.of(ConfigOption.MIN_REPLICAS_MAX_LAG), heard);
    }

    @Test
    void shouldPutEverythingBackWhenListenerRefuses()
    {
        final List<String> applied = new ArrayList<>();
        config.listen(ConfigOption.MAXCLIENTS, (source, option) ->
        {
            applied.add(source.print(option));
            return null;
        });
        config.listen(ConfigOption.PORT, (source, option) -> "Unable to listen on this port. Check server logs.");

        assertEquals(
            failure("port", "Unable to listen on this port. Check server logs."),
            set("maxclients", "50", "port", "1"));
        assertEquals(List.of("50", "10000"), applied);
        assertEquals(6379, config.integer(ConfigOption.PORT));
    }

    /** A user may have got other passwords since, which to apply the old value again would take. */
    @Test
    void shouldNotApplyAPasswordThatIsPutBack()
    {
        final List<String> applied = new ArrayList<>();
        config.listen(ConfigOption.REQUIREPASS, (source, option) ->
        {
            applied.add(source.print(option));
            return null;
        });
        config.listen(ConfigOption.PORT, (source, option) -> 1 == source.integer(option) ? "taken" : null);

        assertEquals(failure("port", "taken"), set("requirepass", "x", "port", "1"));
        assertEquals("", config.text(ConfigOption.REQUIREPASS));
        assertEquals(List.of(), applied);
        assertNull(set("requirepass", "x", "port", "2"));
        assertEquals(List.of("x"), applied);
    }

    @Test
    void shouldAddRepeatedSaveLinesWhenLoading() throws ConfigException
    {
        config.load(ConfigOption.SAVE, List.of("900", "1"));
        config.load(ConfigOption.SAVE, List.of("60", "5", "30", "6"));
        assertEquals("900 1 60 5 30 6", config.print(ConfigOption.SAVE));
        config.load(ConfigOption.SAVE, List.of(""));
        assertEquals("", config.print(ConfigOption.SAVE));
    }

    @Test
    void shouldLoadPrimaryAndFileOnlyDirectives() throws ConfigException
    {
        config.load(ConfigOption.byName("SlaveOf"), List.of("127.0.0.1", "7000"));
        assertEquals("127.0.0.1", config.primaryHost());
        assertEquals(7000, config.primaryPort());
        assertEquals(List.of("slaveof", "127.0.0.1 7000"), config.get(List.of("slaveof")));

        config.load(ConfigOption.REPLICAOF, List.of("NO", "ONE"));
        assertNull(config.primaryHost());

        config.load(ConfigOption.RENAME_COMMAND, List.of("CONFIG", ""));
        assertEquals(List.of(List.of("CONFIG", "")), config.renames());
        assertThrows(ConfigException.class, () -> config.load(ConfigOption.PORT, List.of("1", "2")));
        assertThrows(ConfigException.class, () -> config.load(ConfigOption.USER, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"NOSUCH x, No such command in rename-command", "GET SET, Target command name already exists",
        "GET get2;GET get3, No such command in rename-command", "CONFIG|GET x, No such command in rename-command",
        "GET LPUSH, Target command name already exists", "GET x;SET X, Target command name already exists",
        "GET get;SET set,", "GET x;SET get;LPUSH y;x lpush,"})
    void shouldRefuseNamesThatRedisRefuses(final String lines, final String error) throws Exception
    {
        String refusal = null;
        for (final String line : lines.split(";"))
        {
            try
            {
                config.load(ConfigOption.RENAME_COMMAND, List.of(line.split(" ")));
            }
            catch (final ConfigException e)
            {
                refusal = e.getMessage();
            }
        }

        assertEquals(error, refusal);
    }

    @Test
    void shouldRefuseMoreDatabasesThanThereCanBe() throws ConfigException
    {
        config.load(ConfigOption.DATABASES, List.of("16777216"));
        config.conclude();
        config.load(ConfigOption.DATABASES, List.of("2147483647"));
        final ConfigException refused = assertThrows(ConfigException.class, config::conclude);
        assertEquals(ConfigOption.DATABASES, refused.option());
        assertEquals("Millrace has at most 16777216 databases", refused.getMessage());
    }

    @Test
    void shouldRefuseReplicaInClusterMode() throws ConfigException
    {
        config.load(ConfigOption.CLUSTER_ENABLED, List.of("yes"));
        config.load(ConfigOption.REPLICAOF, List.of("h", "1"));
        assertEquals(
            "replicaof directive not allowed in cluster mode",
            assertThrows(ConfigException.class, config::conclude).getMessage());
    }

    @Test
    void shouldWarnOfWhatMattersOnly() throws ConfigException
    {
        config.load(ConfigOption.DAEMONIZE, List.of("no"));
        config.load(ConfigOption.SYSLOG_ENABLED, List.of("yes"));
        config.load(ConfigOption.APPENDONLY, List.of("no"));
        config.load(ConfigOption.DYNAMIC_HZ, List.of("yes"));
        config.load(ConfigOption.IO_THREADS, List.of("4"));
        config.load(ConfigOption.RDBCOMPRESSION, List.of("no"));
        config.load(ConfigOption.MAXMEMORY, List.of("1gb"));
        assertEquals(List.of(ConfigOption.SYSLOG_ENABLED), config.withoutEffect());
    }

    @Test
    void shouldResolvePathsAgainstDirectory() throws ConfigException
    {
        config.load(ConfigOption.DIR, List.of("data"));
        assertEquals("/data", config.directory());
        config.load(ConfigOption.DIR, List.of("deeper"));
        assertEquals("/data/deeper/dump.rdb", config.path("dump.rdb"));
        assertEquals("/x", config.path("/x"));
    }

    @Test
    void shouldDecideWhoMayDebug() throws ConfigException
    {
        assertFalse(config.isAllowed(ConfigOption.ENABLE_DEBUG_COMMAND, true));
        config.load(ConfigOption.ENABLE_DEBUG_COMMAND, List.of("local"));
        assertTrue(config.isAllowed(ConfigOption.ENABLE_DEBUG_COMMAND, true));
        assertFalse(config.isAllowed(ConfigOption.ENABLE_DEBUG_COMMAND, false));
    }

    private void refuses(final String name, final String value, final String reason)
    {
        final String before = config.print(ConfigOption.byName(name));
        assertEquals(failure(name, reason), set(name, value));
        assertEquals(before, config.print(ConfigOption.byName(name)));
    }

    private static String failure(final String name, final String reason)
    {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + reason;
    }

    private String set(final String... pairs)
    {
        return config.set(List.of(pairs), false, false);
    }
}
