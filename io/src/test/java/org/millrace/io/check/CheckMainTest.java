package org.millrace.io.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/** Files of a real redis-server, whole and damaged, beside what its own programs say of them. */
@Timeout(60)
class CheckMainTest
{
    private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";

    @TempDir
    private static Path made;

    @TempDir
    private Path directory;

    private String output;

    @BeforeAll
    static void make() throws IOException
    {
        try (TestServer redis = TestServer.start(
            "redis", RealRedis.spec(), made, "--appendonly", "yes", "--aof-timestamp-enabled", "yes"))
        {
            final TextClient client = redis.client();
            client.ok("SET", "a string", "x".repeat(5_000));
            client.ok("SET", "short", "1", "PX", "1");
            client.ok("SET", "long", "1", "EX", "1000");
            client.ok("RPUSH", "list", "a", "b", "c");
            client.ok("SADD", "ints", "1", "2");
            client.ok("ZADD", "zset", "1", "a");
            client.ok("XADD", "stream", "1-1", "f", "v");
            client.ok("SELECT", "7");
            client.ok("HSET", "hash", "f", "v".repeat(100), "g", "w");
            client.ok("FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() return 1 end)");
            client.ok("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            client.ok("SAVE");
            client.ok("BGREWRITEAOF");
            Await.until("the rewrite", 30, () -> "0".equals(redis.info("persistence", "aof_rewrite_in_progress")));
            client.ok("MULTI");
            client.call("SET", "m", "1");
            client.call("SET", "n", "1");
            client.ok("EXEC");
        }
    }

    private int check(final Object... arguments)
    {
        final String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++)
        {
            words[i] = arguments[i].toString();
        }

        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(bytes, true, ISO_8859_1);
        final int code = CheckMain.run(words, stream, stream, false);
        output = bytes.toString(ISO_8859_1);
        return code;
    }

    private void assertSays(final String text)
    {
        assertTrue(output.contains(text), () -> text + " in " + output);
    }

    private Path file(final String name, final String text) throws IOException
    {
        return Files.write(directory.resolve(name), text.getBytes(ISO_8859_1));
    }

    private static String snapshot() throws IOException
    {
        return Files.readString(made.resolve("dump.rdb"), ISO_8859_1);
    }

    @Test
    void shouldTellWhatIsInASnapshot()
    {
        assertEquals(CheckMain.RIGHT, check(made.resolve("dump.rdb"), "--big", "1"), () -> output);
        assertSays("snapshot, RDB version ");
        assertSays("db7: 1");
        assertSays("with a time to live");
        assertSays("1 function libraries");
        assertTrue(output.matches("(?s).*  list +1 keys +3 elements +7 B\n.*"), output);
        assertTrue(output.matches("(?s).*  hash +1 keys +2 elements +.*"), output);
        assertTrue(output.matches("(?s).*  stream +1 keys +.*"), output);
        assertSays("big: 5.0 kB, string, db0 'a string'");
        assertEquals(1, output.split("big: ", -1).length - 1);
    }

    @Test
    void shouldLookThroughADirectory()
    {
        assertEquals(CheckMain.RIGHT, check(made), () -> output);
        assertSays("manifest of a base and 1 increments");
        assertSays("appendonly.aof.2.base.rdb: snapshot");
        assertSays(" 1 transactions");
        assertSays("dump.rdb: snapshot");
    }

    @Test
    void shouldNameTheFirstWrongByteOfASnapshot() throws IOException
    {
        final String good = snapshot();
        assertEquals(CheckMain.WRONG, check(file("short.rdb", good.substring(0, good.length() - 20))));
        assertSays("BAD: short read");
        assertSays("(at byte " + (good.length() - 20) + ")");
        assertEquals(CheckMain.WRONG, check(file("flipped.rdb", good.substring(0, good.length() - 1) + "\0")));
        assertSays("BAD: RDB CRC error");
        assertEquals(CheckMain.WRONG, check(file("more.rdb", good + "x")));
        assertSays("1 bytes stand behind the end");
        assertEquals(CheckMain.WRONG, check(file("none.rdb", "")));
        assertEquals(CheckMain.WRONG, check(directory.resolve("absent.rdb")));
        assertSays("No such file or directory");
    }

    @Test
    void shouldAgreeWithTheProgramOfRedisOnDamage() throws IOException
    {
        final Path program = PeerFinder.program("redis-check-rdb").orElse(null);
        if (null == program)
        {
            return;
        }

        final long seed = 20_303;
        final Random random = new Random(seed);
        for (int i = 0; i < 20; i++)
        {
            final StringBuilder text = new StringBuilder(snapshot());
            text.setCharAt(random.nextInt(text.length()), (char)random.nextInt(256));
            final Path file = file("damaged.rdb", text.toString());
            final boolean isRight = 0 == Outcome.of(program.toString(), file.toString()).code();
            assertEquals(isRight ? CheckMain.RIGHT : CheckMain.WRONG, check(file),
                () -> "seed " + seed + ": " + output);
        }
    }

    @Test
    void shouldSayUpToWhereAnAppendOnlyFileIsRight() throws IOException
    {
        assertEquals(CheckMain.RIGHT, check(file("good.aof", SET + "#TS:1700000000\r\n" + SET)));
        assertSays("2 commands, 0 transactions, from 2023-11-14 22:13:20 UTC");
        assertEquals(CheckMain.WRONG, check(file("cut.aof", SET + "*3\r\n$3\r\nSE")));
        assertSays("BAD: it ends within a command (at byte 27); a server loads what is in front of that");
        assertSays("truncate --size=27 FILE");
        assertEquals(CheckMain.WRONG, check(file("open.aof", SET + "*1\r\n$5\r\nMULTI\r\n" + SET)));
        assertSays("BAD: it ends within a transaction that began (at byte 27)");
        assertEquals(CheckMain.WRONG, check(file("bad.aof", SET + "xyz")));
        assertSays("BAD: there is 'x' where a command begins with '*' (at byte 27); no server loads it");
        assertEquals(CheckMain.WRONG, check(file("zeros.aof", SET + "\0".repeat(4_096))));
        assertSays("to the end all is zero, 4096 bytes: the machine has lost");
        assertEquals(CheckMain.RIGHT, check(file("old.aof", snapshot() + SET)));
        assertSays("1 commands");
    }

    @Test
    void shouldCheckTheFilesOfAManifest() throws IOException
    {
        file("a.incr.aof", SET + "*1");
        file("b.incr.aof", SET);
        final Path manifest = file("x.manifest", "file a.incr.aof seq 1 type i\nfile b.incr.aof seq 2 type i\n");
        assertEquals(CheckMain.WRONG, check(manifest));
        assertSays("no server loads it, since it is not the last one");
        file("x.manifest", "file a.incr.aof seq 1 type i\nfile c.incr.aof seq 2 type i\n");
        assertEquals(CheckMain.WRONG, check(manifest));
        assertSays("c.incr.aof: BAD: No such file or directory");
        file("x.manifest", "file a.incr.aof seq 1 type i\nfile a.incr.aof seq 1 type i\n");
        assertEquals(CheckMain.WRONG, check(manifest));
        assertSays("Reading the manifest file, at line 2");
    }

    @Test
    void shouldSayHowItIsCalled()
    {
        assertEquals(CheckMain.MISUSED, check());
        assertSays("usage: millrace check");
        assertEquals(CheckMain.RIGHT, check("--help"));
        assertEquals(CheckMain.MISUSED, check(made, "--big", "many"));
    }
}
