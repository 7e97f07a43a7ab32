package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs that a server must not go on with: it says why, ends with 1, and leaves every byte as it was. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class DurableStartTest
{
    private static final String[] DURABLE = {"--appendonly", "yes", "--appendfsync", "always"};

    @RegisterExtension
    final Servers servers = new Servers();

    private Server written()
    {
        final Server server = servers.launch().usual().arguments(DURABLE).start();
        server.client().ok("SET", "k", "v");
        server.client().ok("SET", "l", "v");
        return server;
    }

    private String sums()
    {
        return Shell.run(
            "cd " + Shell.quote(servers.directory()) +
                " && find millrace-log -type f ! -name lock | sort | xargs md5sum");
    }

    private void refuse(final String text)
    {
        final String before = sums();
        final Server server = servers.launch().usual().arguments(DURABLE).begin();
        assertEquals(1, server.awaitEnd());
        assertTrue(server.log().contains(text), server.log());
        assertEquals(before, sums());
    }

    private void flip(final String file, final long at) throws IOException
    {
        try (RandomAccessFile bytes = new RandomAccessFile(servers.directory() + "/millrace-log/log-0/" + file, "rw"))
        {
            bytes.seek(at);
            final int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 1);
        }
    }

    @Test
    void shouldRefuseADirectoryThatAnotherUses()
    {
        final Server first = written();
        final Server second = servers.launch().usual().arguments(DURABLE).begin();
        assertEquals(1, second.awaitEnd());
        assertTrue(second.log().contains("another server writes the log"), second.log());
        assertEquals("v", first.client().text("GET", "k"));
        first.client().ok("SET", "m", "v");
    }

    @Test
    void shouldRefuseWhatIsDamagedOrOfAnotherVersion() throws IOException
    {
        written().kill();
        flip("0.segment", 30);
        refuse("is damaged at stream offset");
        flip("0.segment", 30);
        flip("records", 40);
        refuse("is damaged at byte 0");
        flip("records", 40);
        flip("records", 8);
        refuse("is of a version that this one does not read");
        flip("records", 8);
        final Server server = servers.launch().usual().arguments(DURABLE).start();
        assertEquals("v", server.client().text("GET", "l"));
    }

    @Test
    void shouldGoOnInACopyUnderAnotherName()
    {
        final Server server = written();
        final String replid = server.info("replication").get("master_replid");
        server.kill();
        final String copy = servers.directory("copy");
        Shell.run("cp -r " + Shell.quote(servers.directory()) + "/millrace-log " + Shell.quote(copy));
        final Server other = servers.launch().workingDirectory(copy).usual().arguments(DURABLE).start();
        assertEquals("v", other.client().text("GET", "l"));
        assertNotEquals(replid, other.info("replication").get("master_replid"));
        assertEquals(replid, other.info("replication").get("master_replid2"));
    }
}
