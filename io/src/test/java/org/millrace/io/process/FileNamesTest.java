package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Ports;

/** File names are bytes: every option that names a file, in locales that have those characters and such that have not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FileNamesTest
{
    /** UTF-8 of an e with an acute accent, of an a with two dots; a byte that is no UTF-8 at all. */
    private static final String E_ACUTE = "\u00C3\u00A9";
    private static final String A_DOTS = "\u00C3\u00A4";
    private static final String NO_UTF_8 = "\u00FF";

    @RegisterExtension
    final Servers servers = new Servers();

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "tr_TR.UTF-8"})
    void shouldNameEveryFileByItsBytes(final String locale)
    {
        final String work = servers.directory("jos" + E_ACUTE);
        final String data = servers.directory("jos" + E_ACUTE + "/d" + NO_UTF_8);
        final String ring = servers.directory("jos" + E_ACUTE + "/ring " + A_DOTS);
        final int port = Ports.free();
        file(work + "/extra-" + A_DOTS + "1.inc", "maxclients 321\n");
        file(work + "/m" + A_DOTS + ".conf",
            "include " + work + "/extra-" + A_DOTS + "*.inc\n" +
                "include \"" + work + "/extra-" + A_DOTS + "1.inc\"\n" +
                "port " + port + "\nbind 127.0.0.1\nsave \"\"\n" +
                "dir \"" + data + "\"\n" +
                "dbfilename d" + A_DOTS + "ta.rdb\n" +
                "logfile \"l" + A_DOTS + "g\"\n" +
                "pidfile p" + A_DOTS + "d\n" +
                "unixsocket s" + A_DOTS + "ck\n" +
                "backlog-dir \"" + ring + "\"\n");
        final Server first = servers.launch().locale(locale).workingDirectory(work)
            .arguments("m" + A_DOTS + ".conf", "--requirepass", A_DOTS).knownPort(port).begin();
        awaitLog(data + "/l" + A_DOTS + "g", first);
        assertEquals("NOAUTH Authentication required.", ((RespError)first.client().call("GET", "k")).message());
        first.client().ok("AUTH", A_DOTS);
        assertEquals(List.of("dir", data), first.client().list("CONFIG", "GET", "dir"));
        assertEquals("321", first.client().list("CONFIG", "GET", "maxclients").get(1));
        assertEquals(work + "/m" + A_DOTS + ".conf", first.info("server").get("config_file"));
        first.client().ok("SET", "k", "v");
        first.client().ok("SAVE");
        first.client().ok("CONFIG", "SET", "maxclients", "123");
        first.client().ok("CONFIG", "REWRITE");
        assertTrue(Shell.run("cat " + Shell.quote(work + "/m" + A_DOTS + ".conf")).contains("\nmaxclients 123\n"));
        assertEquals(List.of("d" + A_DOTS + "ta.rdb", "l" + A_DOTS + "g", "p" + A_DOTS + "d", "s" + A_DOTS + "ck"),
            Shell.list(data));
        assertTrue(Shell.list(ring).contains("backlog-" + port + ".header"), () -> Shell.list(ring).toString());
        awaitSegment(first, ring, "backlog-" + port + ".0");
        assertEquals(0, first.shutdown("NOSAVE"));
        assertEquals(List.of("d" + A_DOTS + "ta.rdb", "l" + A_DOTS + "g"), Shell.list(data));

        final Server second = servers.launch().locale(locale).workingDirectory(data).port(port)
            .arguments("--enable-protected-configs", "yes", "--dir", "../d" + NO_UTF_8, "--dbfilename",
                "d" + A_DOTS + "ta.rdb", "--save", "")
            .start();
        assertEquals("v", second.client().text("GET", "k"));
        second.client().ok("CONFIG", "SET", "dir", ring);
        second.client().ok("CONFIG", "SET", "dbfilename", "d" + A_DOTS);
        second.client().ok("SAVE");
        assertTrue(Shell.list(ring).contains("d" + A_DOTS), () -> Shell.list(ring).toString());
        second.kill();
    }

    /** The first replica has the ring made. */
    private static void awaitSegment(final Server server, final String ring, final String segment)
    {
        try (TextClient replica = server.connect())
        {
            replica.ok("AUTH", A_DOTS);
            replica.send("PSYNC", "?", "-1");
            replica.flush();
            Await.until(segment, 20, () -> Shell.list(ring).contains(segment));
        }
    }

    @Test
    void shouldRefuseNamesThatTheSystemHasNoRoomFor()
    {
        final String directory = servers.directory("d" + "0".repeat(200));
        final String nested = servers.directory("d" + "0".repeat(200) + "/" + "1".repeat(200));
        final Server socket = servers.launch().usual()
            .arguments("--unixsocket", directory + "/sock").begin();
        assertEquals(1, socket.awaitEnd());
        assertTrue(socket.log().contains("Failed opening Unix socket: unix socket path too long (" +
            (directory.length() + 5) + "), must be under 108"), socket::log);

        final Server server = servers.launch().usual()
            .arguments("--dir", nested, "--unixsocket", "sock", "--enable-protected-configs", "yes").start();
        server.client().ok("SET", "k", "v");
        server.client().ok("CONFIG", "SET", "dbfilename", "2".repeat(255));
        server.client().ok("SAVE");
        assertTrue(Shell.list(nested).contains("2".repeat(255)), () -> Shell.list(nested).toString());
        assertTrue(Shell.list(nested).contains("sock"), () -> Shell.list(nested).toString());
        server.client().ok("CONFIG", "SET", "dbfilename", "2".repeat(256));
        assertTrue(((RespError)server.client().call("SAVE")).message().startsWith("ERR"));
        assertEquals("PONG", server.client().text("PING"));
    }

    private static void file(final String path, final String content)
    {
        Shell.run("printf %s " + Shell.quote(content) + " > " + Shell.quote(path) + "; echo >> " + Shell.quote(path));
    }

    private static void awaitLog(final String path, final Server server)
    {
        Await.until(() -> path + " of\n" + server.log(), 30,
            () -> Shell.run("cat " + Shell.quote(path) + " 2>/dev/null || true").contains("Ready to accept"));
    }
}
