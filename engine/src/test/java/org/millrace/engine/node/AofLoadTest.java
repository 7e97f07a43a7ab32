package org.millrace.engine.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.snapshot.RdbBytes;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Append-only files of a Redis, whole and damaged, that a node finds at its start. */
class AofLoadTest
{
    private static final String DIRECTORY = "/appendonlydir/";
    private static final String MANIFEST = DIRECTORY + "appendonly.aof.manifest";
    private static final String FIRST = "appendonly.aof.1.incr.aof";
    private static final String SECOND = "appendonly.aof.2.incr.aof";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node;

    @AfterEach
    void close()
    {
        if (null != node)
        {
            node.close();
        }
    }

    private void put(final String path, final String text)
    {
        disk.files.put(path, text.getBytes(ISO_8859_1));
    }

    /** Each line is a command. */
    private static String commands(final String... lines)
    {
        final StringBuilder text = new StringBuilder();
        for (final String line : lines)
        {
            SimLoad.add(text, line.split(" "));
        }

        return text.toString();
    }

    private void manifest(final String... names)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.length; i++)
        {
            text.append("file ").append(names[i]).append(" seq ").append(i + 1).append(" type ")
                .append(names[i].contains("base") ? 'b' : 'i').append('\n');
        }

        put(MANIFEST, text.toString());
    }

    /** Start a node. @return it, for {@link #ask}. */
    private void start(final String... options)
    {
        final List<String> all = new ArrayList<>(List.of("appendonly", "yes"));
        all.addAll(List.of(options));
        // Each has the files alone, and nothing that another has made of them.
        final SimNode.Disk own = new SimNode.Disk();
        own.files.putAll(disk.files);
        node = new SimNode(new SimNetwork(1), clock, 6379, own, 1, all.toArray(String[]::new));
        for (int i = 0; i < 100_000 && !node.isReady && node.exitCode < 0; i++)
        {
            clock.advanceNs(10_000);
            node.cycle();
        }

        disk.files.forEach((path, bytes) -> assertTrue(
            path.endsWith(".rdb") && !path.startsWith(DIRECTORY) || bytes == own.files.get(path),
            path + " has changed"));
    }

    private String ask(final String line)
    {
        return new SimPeer(node).ask(line);
    }

    private void assertRefused(final String... logged)
    {
        assertEquals(1, node.exitCode, () -> "log: " + node.log);
        for (final String line : logged)
        {
            assertTrue(node.hasLogged(line), () -> line + " in " + node.log);
        }
    }

    @Test
    void shouldLoadBaseAndIncrements()
    {
        put(DIRECTORY + "appendonly.aof.1.base.aof", commands("SELECT 3", "SET a 1", "RPUSH l x y"));
        put(DIRECTORY + FIRST, "#TS:1700000000\r\n" + commands("SET b 2", "SELECT 3", "INCR a"));
        put(DIRECTORY + SECOND, commands("SELECT 3", "LPOP l", "MULTI", "SET c 1", "DEL b", "EXEC"));
        manifest("appendonly.aof.1.base.aof", FIRST, SECOND);
        start();
        assertEquals("$1\r\n2\r\n", ask("GET b"));
        assertEquals("+OK\r\n$1\r\n2\r\n", ask("SELECT 3\r\nGET a"));
        assertEquals("+OK\r\n$1\r\n1\r\n", ask("SELECT 3\r\nGET c"));
        assertEquals("+OK\r\n*1\r\n$1\r\ny\r\n", ask("SELECT 3\r\nLRANGE l 0 -1"));
        assertTrue(node.hasLogged("DB loaded from base file appendonly.aof.1.base.aof: 0."), () -> "" + node.log);
        assertTrue(node.hasLogged("DB loaded from incr file " + SECOND + ": 0."));
        assertTrue(node.hasLogged("DB loaded from append only file: 0."));
        assertTrue(ask("INFO persistence").contains("rdb_changes_since_last_save:0\r\n"));
        assertEquals("$-1\r\n", ask("GET none"), "nothing of it may be left open");
    }

    @Test
    void shouldLoadASnapshotAndWhatFollowsIt()
    {
        final String snapshot = new String(
            RdbBytes.image(9).bytes(0xFE, 0, 0, 1, 'k', 1, 'v').end(), ISO_8859_1);
        put("/appendonly.aof", snapshot + commands("SET a 1"));
        start();
        assertEquals("$1\r\nv\r\n", ask("GET k"));
        assertEquals("$1\r\n1\r\n", ask("GET a"));
        assertTrue(node.hasLogged("Reading RDB preamble from AOF file..."));
        assertTrue(node.hasLogged("Reading the remaining AOF tail..."));
    }

    @Test
    void shouldGiveUpASnapshotThatIsDamaged()
    {
        put(DIRECTORY + "appendonly.aof.1.base.rdb", "REDIS0009\376\0\0\1k");
        manifest("appendonly.aof.1.base.rdb");
        start();
        assertRefused("Error reading the RDB base file appendonly.aof.1.base.rdb, AOF loading aborted");
        assertTrue(ask("GET k").startsWith("-LOADING"), "what is half loaded serves nobody");
    }

    @Test
    void shouldPreferTheDirectoryToTheFileOfOlderVersions()
    {
        put("/appendonly.aof", commands("SET old 1"));
        put("/dump.rdb", "not even looked at");
        put(DIRECTORY + FIRST, commands("SET new 1"));
        manifest(FIRST);
        start();
        assertEquals("*1\r\n$3\r\nnew\r\n", ask("KEYS *"));
    }

    @Test
    void shouldLoadTheFileOfOlderVersionsThatWasAboutToBeMoved()
    {
        put("/appendonly.aof", commands("SET old 1"));
        put(MANIFEST, "file appendonly.aof seq 1 type b\n");
        start();
        assertEquals("*1\r\n$3\r\nold\r\n", ask("KEYS *"));
    }

    @Test
    void shouldFindFilesUnderTheirNames()
    {
        put("/d/my.aof.1.incr.aof", commands("SET a 1"));
        put("/d/my.aof.manifest", "file my.aof.1.incr.aof seq 1 type i\n");
        start("appendfilename", "my.aof", "appenddirname", "d");
        assertEquals("*1\r\n$1\r\na\r\n", ask("KEYS *"));
    }

    @Test
    void shouldLoadTheDataSetFileWhereThereIsNoOther()
    {
        final byte[] snapshot = RdbBytes.image(9).bytes(0xFE, 0, 0, 1, 'k', 1, 'v').end();
        disk.files.put("/dump.rdb", snapshot);
        put("/appendonly.aof", "");
        start();
        assertEquals("*1\r\n$1\r\nk\r\n", ask("KEYS *"));
    }

    @Test
    void shouldMissNoFileOfTheManifest()
    {
        put(DIRECTORY + FIRST, commands("SET a 1"));
        manifest(FIRST, SECOND);
        start();
        assertRefused("Unable to obtain the AOF file " + SECOND + " length. stat: No such file or directory");
    }

    @Test
    void shouldSayWhatIsWrongWithTheManifest()
    {
        put(MANIFEST, "file a seq 1 type b\nfile b seq 1 type z\n");
        start();
        assertRefused(
            "*** FATAL AOF MANIFEST FILE ERROR ***", "Reading the manifest file, at line 2",
            ">>> 'file b seq 1 type z'", "Unknown AOF file type");
    }

    @ParameterizedTest
    @CsvSource({
        "'*2\r\n$3\r\nDEL', 27", "'*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n', 27",
        "'*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*1\r\n$4\r\nEX', 27"})
    void shouldTakeAFileUpToWhereItWasCut(final String tail, final int upTo)
    {
        put(DIRECTORY + FIRST, commands("SET a 1") + tail);
        manifest(FIRST);
        start();
        assertEquals("*1\r\n$1\r\na\r\n", ask("KEYS *"));
        assertTrue(node.hasLogged("!!! Warning: short read while loading the AOF file " + FIRST + "!!!"));
        assertTrue(node.hasLogged("up to byte " + upTo + ", without the " + tail.length() + " bytes"),
            () -> "" + node.log);
        assertEquals(tail.contains("MULTI"), node.hasLogged("Revert incomplete MULTI/EXEC transaction"));
        node.close();

        start("aof-load-truncated", "no");
        assertRefused("Unexpected end of file reading the append only file " + FIRST);
        node.close();

        put(DIRECTORY + SECOND, commands("SET b 1"));
        manifest(FIRST, SECOND);
        start();
        assertRefused("Fatal error: the truncated file is not the last file");
    }

    @ParameterizedTest
    @CsvSource({
        "'xyz', 'Bad file format reading the append only file', 27",
        "'*1\r\n$4\r\nNONE\r\n', 'Unknown command ''NONE'' reading the append only file', 27",
        "'*1\r\n$8\r\nSHUTDOWN\r\n', 'The command ''SHUTDOWN'' with 0 arguments has no place there', 27",
        "'*2\r\n$6\r\nSELECT\r\n$2\r\n99\r\n', 'Database ''99'' is selected, and this node has 16', 27",
        "'*1\r\n$5\r\nMULTI\r\n*1\r\n$4\r\nNONE\r\n*1\r\n$4\r\nEXEC\r\n', 'Unknown command ''NONE''', 42",
        "'*1\r\n$3\r\nGET\r\n', 'The command ''GET'' with 0 arguments has no place there', 27"})
    void shouldStopAtWhatItCannotRun(final String tail, final String text, final int at)
    {
        put(DIRECTORY + FIRST, commands("SET a 1") + tail);
        manifest(FIRST);
        start();
        assertRefused(text, "at byte " + at);
    }

    @Test
    void shouldGoOnWhereACommandFailsAsItDidBefore()
    {
        put(DIRECTORY + FIRST, commands("SET a x", "INCR a", "SET b 1"));
        manifest(FIRST);
        start();
        assertEquals("$1\r\n1\r\n", ask("GET b"));
        assertTrue(node.hasLogged("== CRITICAL == This server is sending an error to its AOF-loading-client: " +
            "'ERR value is not an integer or out of range' after processing the command 'INCR'"), () -> "" + node.log);
        assertTrue(ask("INFO stats").contains("unexpected_error_replies:1\r\n"));
        node.close();

        start("propagation-error-behavior", "panic");
        assertRefused("The command 'INCR' has failed");
    }

    @Test
    void shouldNotExpireWhileItLoads()
    {
        put(DIRECTORY + FIRST, commands("SET a 1", "PEXPIREAT a 1600000000000", "APPEND a 2", "PERSIST a"));
        manifest(FIRST);
        start();
        assertEquals("$2\r\n12\r\n", ask("GET a"));
    }

    @Test
    void shouldTakeCommandsLongerThanItsWindow()
    {
        final String large = "v".repeat(3_000_000);
        final String[] lines = new String[20_000];
        for (int i = 0; i < lines.length; i++)
        {
            lines[i] = "SET k" + i + " " + i;
        }

        put(DIRECTORY + FIRST, commands("SET large " + large, "MULTI") + commands(lines) + commands("EXEC", "SET b 1"));
        manifest(FIRST);
        start();
        assertEquals(":3000000\r\n", ask("STRLEN large"));
        assertEquals(":20002\r\n", ask("DBSIZE"));
    }

    /** Another start with the files that the present node leaves behind as its process ends. */
    private void startAgain(final boolean hasLog)
    {
        final SimNode.Disk own = node.disk;
        node.kill();
        final SimNode.Disk then = hasLog ? own : new SimNode.Disk();
        then.files.putAll(own.files);
        node = new SimNode(new SimNetwork(1), clock, 6379, then, 1, "appendonly", "yes");
        SimPeer.rest(node);
    }

    @Test
    void shouldNeverGoBackToFilesThatItHasTakenOver()
    {
        put(DIRECTORY + FIRST, commands("SET a 1"));
        manifest(FIRST);
        start();
        ask("SET a 2");
        startAgain(true);
        assertEquals("$1\r\n2\r\n", ask("GET a"));
        assertEquals("+OK\r\n", ask("SAVE"));
        startAgain(false);
        assertEquals("$1\r\n2\r\n", ask("GET a"), "the log was moved away, the snapshot was not");

        // A Redis has gone on with them: nobody can tell which data are wanted.
        node.disk.files.put(DIRECTORY + FIRST, commands("SET a 1", "SET b 1").getBytes(ISO_8859_1));
        startAgain(false);
        assertRefused("have changed since they were taken over into", "remove /appendonly.aof.taken");
        node.disk.files.remove("/appendonly.aof.taken");
        startAgain(false);
        assertEquals("$1\r\n1\r\n", ask("GET b"));
        node.disk.files.remove("/dump.rdb");
        startAgain(false);
        assertRefused("which is not there any more");
    }

    @Test
    void shouldServeNobodyBeforeItHasTakenThemOver()
    {
        put(DIRECTORY + FIRST, commands("SET a 1"));
        manifest(FIRST);
        disk.failure = "disk full";
        start();
        assertEquals("$1\r\n1\r\n", ask("GET a"), "a disk of its own");
        node.close();
        node = new SimNode(new SimNetwork(1), clock, 6379, disk, 1, "appendonly", "yes");
        SimPeer.rest(node);
        assertRefused("it cannot be begun");
        startAgainAsReplica();
    }

    /** What a replica has taken over is in a file, too, before it is anything else. */
    private void startAgainAsReplica()
    {
        disk.failure = null;
        node.kill();
        node = new SimNode(
            new SimNetwork(1), clock, 6379, disk, 1, "appendonly", "yes", "replicaof", "10.0.0.9 1");
        SimPeer.rest(node);
        assertTrue(disk.files.containsKey("/appendonly.aof.taken"), () -> "log: " + node.log);
        assertEquals("+OK\r\n", ask("REPLICAOF NO ONE"));
        ask("SET a 2");
        SimPeer.seconds(node, 8);
        startAgain(true);
        assertEquals("$1\r\n2\r\n", ask("GET a"));
    }

    @Test
    void shouldSurviveDamage()
    {
        final long seed = 20_302;
        final Mutations mutations = new Mutations(seed);
        final byte[] good = ("#TS:17\r\n" + commands(
            "SELECT 1", "SET a 1", "MULTI", "RPUSH l 1 2 3", "HSET h f v", "EXEC", "ZADD z 1 m", "XADD x 1-1 f v",
            "DEL a"))
            .getBytes(ISO_8859_1);
        for (int i = 0, rounds = Mutations.rounds(60); i < rounds; i++)
        {
            disk.files.put(DIRECTORY + FIRST, mutations.damaged(good));
            manifest(FIRST);
            start();
            assertTrue(node.isReady ^ 1 == node.exitCode, "seed " + seed + ", round " + i + ", log: " + node.log);
            node.close();
        }
    }
}
