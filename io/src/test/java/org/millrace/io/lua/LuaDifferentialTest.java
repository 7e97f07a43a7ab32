package org.millrace.io.lua;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/**
 * The same scripts for the machine and for a real redis-server, whose replies must be the same byte for byte: those of a
 * table, one in each line, and random ones. Commands that scripts call are executed by the server in both cases.
 */
final class LuaDifferentialTest
{
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{6,}");
    private static final int RANDOM_SCRIPTS = Integer.getInteger("millrace.lua.scripts", 1500);
    private static final long COROUTINE_SEED = Long.getLong("millrace.lua.seed", 3);

    @TempDir
    private static Path directory;

    private static TestServer server;

    private final ScriptRunner runner = new ScriptRunner();

    @BeforeAll
    static void start() throws IOException
    {
        server = TestServer.start("redis", RealRedis.bundledSpec(), directory, "--save", "");
    }

    @AfterAll
    static void stop()
    {
        server.close();
    }

    @AfterEach
    void close()
    {
        runner.close();
    }

    @Test
    void shouldReplyAsRedisDoesToEachScriptOfTheTable() throws Exception
    {
        final List<String> differences = new ArrayList<>();
        try (Socket client = connect();
            Socket commands = connect();
            InputStream table = getClass().getResourceAsStream("scripts.txt"))
        {
            runner.commands = (words) -> call(commands, words);
            for (final String code : new String(table.readAllBytes(), BYTES).split("\n"))
            {
                if (!code.isBlank() && !code.startsWith("##"))
                {
                    compare(client, code, differences);
                }
            }
        }

        assertEquals(List.of(), differences);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldReplyAsRedisDoesToRandomScripts(final long seed) throws Exception
    {
        final RandomScripts scripts = new RandomScripts(seed);
        final List<String> differences = new ArrayList<>();
        try (Socket client = connect())
        {
            for (int i = 0; i < RANDOM_SCRIPTS && differences.size() < 5; i++)
            {
                compare(client, scripts.next(), differences);
            }
        }

        assertEquals(List.of(), differences, "seed " + seed);
    }

    @Test
    void shouldSuspendCoroutinesWhereRedisDoes() throws Exception
    {
        final RandomCoroutines scripts = new RandomCoroutines(COROUTINE_SEED);
        final List<String> differences = new ArrayList<>();
        try (Socket client = connect())
        {
            for (int i = 0; i < RANDOM_SCRIPTS && differences.size() < 5; i++)
            {
                compare(client, scripts.next(), differences);
            }
        }

        assertEquals(List.of(), differences, "seed " + COROUTINE_SEED);
    }

    private void compare(final Socket client, final String code, final List<String> differences) throws Exception
    {
        runner.name = HexFormat.of().formatHex(
            java.security.MessageDigest.getInstance("SHA-1").digest(code.getBytes(BYTES)));
        final String expected = plain(call(client, List.of("EVAL", code, "2", "k1", "k2", "a1", "a2")));
        final String actual = plain(runner.eval(2, 2, code, "k1", "k2", "a1", "a2"));
        if (!expected.equals(actual))
        {
            differences.add("\n" + code + "\n  expected " + expected.strip() + "\n  actual   " + actual.strip());
        }
    }

    private static String plain(final String reply)
    {
        return ADDRESS.matcher(reply).replaceAll("ADDRESS");
    }

    private static Socket connect() throws IOException
    {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static String call(final Socket socket, final List<String> words)
    {
        final StringBuilder command = new StringBuilder("*" + words.size() + "\r\n");
        words.forEach((word) -> command.append('$').append(word.length()).append("\r\n").append(word).append("\r\n"));
        try
        {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(command.toString().getBytes(BYTES));
            final ByteArrayOutputStream reply = new ByteArrayOutputStream();
            readReply(socket.getInputStream(), reply);
            return reply.toString(BYTES);
        }
        catch (final IOException e)
        {
            throw new IllegalStateException(String.join(" ", words), e);
        }
    }

    private static void readReply(final InputStream input, final ByteArrayOutputStream reply) throws IOException
    {
        final String line = readLine(input, reply);
        final char type = line.charAt(0);
        if ('$' == type && !line.startsWith("$-"))
        {
            reply.write(input.readNBytes(Integer.parseInt(line.substring(1)) + 2));
        }
        else if ('*' == type)
        {
            for (int i = Integer.parseInt(line.substring(1)); i > 0; i--)
            {
                readReply(input, reply);
            }
        }
    }

    private static String readLine(final InputStream input, final ByteArrayOutputStream reply) throws IOException
    {
        final StringBuilder line = new StringBuilder();
        int c = input.read();
        while ('\n' != c)
        {
            if (c < 0)
            {
                throw new EOFException(line.toString());
            }

            line.append((char)c);
            reply.write(c);
            c = input.read();
        }

        reply.write(c);
        return line.toString().strip();
    }
}
