package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;

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
        left = group.start("left", RealRedis.spec());
        right = group.start("right", RealRedis.spec());
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
    void shouldLogInToEachByItsAddress() throws IOException
    {
        call(left, "CONFIG", "SET", "requirepass", "a@b:c");
        call(right, "ACL", "SETUSER", "reader", "on", ">p w%", "~*", "+@all");
        call(right, "CONFIG", "SET", "requirepass", "other");

        assertEquals(
            VerifyMain.EQUAL,
            verify(":a@b:c@" + address(left), "redis://reader:p%20w%25@" + address(right)),
            err.text());
        assertFalse((out.text() + err.text()).contains("a@b"), out.text());

        // The usual variable is for those that have no login of their own.
        assertEquals(
            VerifyMain.EQUAL,
            new VerifyMain(out.stream(), err.stream(), "other")
                .run(new String[]{":a@b:c@" + address(left), address(right)}),
            err.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | two servers are needed, not 1",
        "1 2 3 | two servers are needed, not 3",
        "1 host:port | not a host:port: host:port",
        "1 host:70000 | not a host:port: host:70000",
        "1 user@host:1 | before the @ of host:1",
        "1 rediss://host:1 | TLS is not supported",
        "1 redis://:%zz@host:1 | a login in a URL",
        "--no-such-option | unknown option --no-such-option",
        "1 2 --max -1 | option --max must be from 0",
        "1 2 --stop 0 | option --stop must be 1 or more",
        "1 2 --db x | option --db needs a whole number",
        "127.0.0.1:1 127.0.0.1:1 | 127.0.0.1:1: Connection refused",
        "no-such-host.invalid:1 1 | no-such-host.invalid:1: no such host"})
    void shouldSayInOneLineWhyItCannotCompare(final String arguments, final String text)
    {
        assertEquals(VerifyMain.NOT_COMPARED, verify(arguments.split(" ")));

        assertEquals(1, err.text().lines().count(), err.text());
        assertTrue(err.text().startsWith("millrace verify: " + text), err.text());
        assertEquals("", out.text());
    }

    @Test
    void shouldNotCompareADatabaseThatNeitherHas()
    {
        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), address(right), "--db", "99"));
        assertTrue(err.text().contains("out of range"), err.text());
    }

    @Test
    void shouldSayThatBothAreOneServer() throws IOException
    {
        call(left, "SET", "key", "one");

        assertEquals(VerifyMain.EQUAL, verify(address(left), address(left)));
        assertTrue(out.text().contains("both are one server"), out.text());
    }

    @Test
    void shouldStopAfterSoManyDifferences() throws IOException
    {
        call(left, "EVAL", "for i=1,5000 do redis.call('set','k'..i,i) end return 1", "0");

        assertEquals(VerifyMain.DIFFERENT, verify(address(left), address(right), "--stop", "10", "--max", "3"));
        assertTrue(out.text().contains("... and 7 more"), out.text());
        assertTrue(out.text().contains("10 different, stopped there"), out.text());
    }

    @Test
    void shouldAllowForExpiriesApart() throws IOException
    {
        call(left, "SET", "key", "x", "PXAT", "4000000000000");
        call(right, "SET", "key", "x", "PXAT", "4000000000500");

        assertEquals(VerifyMain.DIFFERENT, verify(address(left), address(right), "--expire-tolerance", "499"));
        assertEquals(VerifyMain.EQUAL, verify(address(left), address(right), "--expire-tolerance", "500"));
    }

    @Test
    void shouldDoWithoutTheTimeOfExpiry() throws IOException
    {
        // As with Redis before 7.0: what remains is compared instead, with a tolerance.
        call(left, "ACL", "SETUSER", "default", "-pexpiretime");
        call(left, "SET", "key", "x", "PXAT", "4000000000000");
        call(left, "SET", "other", "x", "PXAT", "4000000000000");
        call(left, "SET", "third", "x");
        call(right, "SET", "key", "x", "PXAT", "4000000000500");
        call(right, "SET", "other", "x", "PXAT", "4000000060000");
        call(right, "SET", "third", "y");

        assertEquals(VerifyMain.DIFFERENT, verify(address(left), address(right)));
        assertTrue(out.text().contains(" 2 different"), out.text());
        assertTrue(out.text().contains("db0 key other: expires in: "), out.text());
        assertTrue(out.text().contains("db0 key third: value from byte 0 of 1: x / y"), out.text());
    }

    @Test
    void shouldSayWhichServerRefuses() throws IOException
    {
        call(left, "SET", "key", "x");
        call(right, "SET", "key", "x");
        call(right, "CONFIG", "SET", "requirepass", "p");

        assertEquals(VerifyMain.NOT_COMPARED, verify(address(left), address(right)));
        assertEquals(1, err.text().lines().count(), err.text());
        assertTrue(err.text().contains(address(right) + ": INFO was answered with: NOAUTH"), err.text());
    }

    @Test
    void shouldWarnIfOneLagsBehind() throws IOException
    {
        call(left, "SET", "key", "one");
        call(right, "REPLICAOF", ServerProcess.HOST, "1");

        assertEquals(VerifyMain.DIFFERENT, verify(address(left), address(right), "--timeout", "0"));
        assertTrue(err.text().contains("the offsets did not become equal within 0 s"), err.text());
    }

    private int verify(final String... arguments)
    {
        return new VerifyMain(out.stream(), err.stream(), null).run(arguments);
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
