package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit itself: a server has the surroundings that were asked for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SurroundingsTest
{
    /** An e with an acute accent. */
    private static final String ACCENTED = "jos\u00C3\u00A9";

    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void shouldBeProcessOneOfItsOwnNamespace()
    {
        final Server server = servers.launch().ownProcesses().usual().start();

        assertEquals("1", server.info("server").get("process_id"));
        server.signal("TERM");
        assertEquals(0, server.awaitEnd());
    }

    @Test
    void shouldSeeATinyAndAReadOnlyFileSystem()
    {
        final String tiny = servers.directory("tiny");
        final String fixed = servers.directory("fixed");
        final Server server = servers.launch().tiny(tiny, 8 << 20).readOnly(fixed).usual().start();

        final String touch = "touch " + Shell.quote(server.within(fixed) + "/x");
        assertEquals("2048 4096\n", Shell.run("stat -f -c '%b %S' " + Shell.quote(server.within(tiny))));
        assertTrue(0 != Shell.run(touch, new StringBuilder()), "written to");
        assertEquals(List.of(), Shell.list(tiny), "seen from outside");
    }

    @Test
    void shouldHaveLimitLocaleDirectoryAndArguments()
    {
        final String directory = servers.directory("elsewhere");
        final Server server = servers.launch().descriptors(300).locale("tr_TR.UTF-8").workingDirectory(directory)
            .usual().arguments("--requirepass", ACCENTED).start();

        assertTrue(Shell.run("cat /proc/" + server.pid() + "/limits").matches("(?s).*Max open files +300 +300 .*"));
        assertTrue(Shell.run("tr '\\0' '\\n' < /proc/" + server.pid() + "/environ").contains("LC_ALL=tr_TR.UTF-8"));
        assertTrue(Shell.run("tr '\\0' '\\n' < /proc/" + server.pid() + "/cmdline").contains("\n" + ACCENTED + "\n"));
        assertEquals(directory + "\n", Shell.run("readlink /proc/" + server.pid() + "/cwd"));
    }

    @Test
    void shouldTellHowItEnded()
    {
        final Server first = servers.launch().usual().start();
        final Server second = servers.launch().port(first.port()).begin();

        assertEquals(1, second.awaitEnd());
        assertTrue(second.log().contains("Failed listening on port " + first.port()), second::log);
        assertEquals("PONG", first.client().text("PING"));
        assertEquals(0, first.shutdown("NOSAVE"));
    }
}
