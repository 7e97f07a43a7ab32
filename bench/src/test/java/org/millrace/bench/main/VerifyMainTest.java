package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.bench.RedisForTests;
import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.ServerGroup;
import org.millrace.bench.target.ServerProcess;

@Timeout(120)
class VerifyMainTest
{
    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private ServerGroup group;
    private ServerProcess left;
    private ServerProcess right;

    @BeforeEach
    void start() throws IOException
    {
        group = ServerGroup.open();
        left = group.start("left", RedisForTests.spec());
        right = group.start("right", RedisForTests.spec());
    }

    @AfterEach
    void stop()
    {
        group.close();
    }

    @Test
    void shouldWaitForAReplicaAndFindItEqual() throws IOException
    {
        call(left, "EVAL", "for i=1,3000 do redis.call('set','k'..i,i) end return 1", "0");
        call(right, "REPLICAOF", ServerProcess.HOST, Integer.toString(left.port()));

        assertEquals(VerifyMain.EQUAL, verify(address(left), address(right)), out.text() + err.text());
        assertTrue(out.text().contains("one offset of one history"), out.text());
        assertTrue(out.text().contains("EQUAL: 3,000 keys"), out.text());
    }

    @Test
    void shouldListDifferencesAndSayWhere() throws IOException
    {
        call(left, "SET", "key", "one");
        call(right, "SET", "key", "two");

        assertEquals(VerifyMain.DIFFERENT, verify(":" + left.port(), Integer.toString(right.port())));
        assertTrue(out.text().contains("db0 key key: value from byte 0 of 3: one / two"), out.text());
        assertTrue(out.text().contains("do not replicate from each other"), out.text());
    }

    @Test
    void shouldCompareOneDatabaseOnly() throws IOException
    {
        call(left, "SET", "key", "one");

        assertEquals(VerifyMain.EQUAL, verify(address(left), address(right), "--db", "3"));
    }

    @Test
    void shouldLogIn() throws IOException
    {
        call(left, "CONFIG", "SET", "requirepass", "secret");
        call(right, "CONFIG", "SET", "requirepass", "secret");

        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), address(right)));
        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), address(right), "--password", "wrong"));
        assertEquals(VerifyMain.EQUAL, verify(address(left), address(right), "--password", "secret"));
        assertEquals(
            VerifyMain.EQUAL,
            verify(address(left), address(right), "--user", "default", "--password", "secret"));
    }

    @Test
    void shouldSayWhenItCannotCompare()
    {
        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left)));
        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), "host:port"));
        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), ServerProcess.HOST + ":1"));
        assertEquals(VerifyMain.NOT_COMPARED, verify("--no-such-option"));
        assertTrue(err.text().contains("usage:"), err.text());
        assertTrue(err.text().contains("127.0.0.1:1:"), err.text());
    }

    private int verify(final String... arguments)
    {
        return new VerifyMain(out.stream(), err.stream()).run(arguments);
    }

    private static String address(final ServerProcess server)
    {
        return ServerProcess.HOST + ":" + server.port();
    }

    private static void call(final ServerProcess server, final String... command) throws IOException
    {
        try (RespClient client = server.connect())
        {
            client.callOk(command);
        }
    }
}
