package org.millrace.io.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.it.Millrace;
import org.millrace.kit.Await;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ServerSpec;
import org.millrace.kit.server.TestServer;

/** Copies of running servers: whole, of one moment, or not there. */
@Timeout(60)
class BackupMainTest
{
    @TempDir
    private Path directory;

    private String output;

    private int backup(final Object... arguments)
    {
        final String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(bytes, true, ISO_8859_1);
        final int code = BackupMain.run(words, stream, stream, null);
        output = bytes.toString(ISO_8859_1);
        return code;
    }

    private TestServer start(final ServerSpec spec, final String name, final String... options) throws IOException
    {
        return TestServer.start(name, spec, directory.resolve(name), options);
    }

    private List<String> names(final Path where) throws IOException
    {
        try (Stream<Path> files = Files.list(where))
        {
            return files.map((file) -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void shouldCopyWhatAServerHas() throws IOException
    {
        for (final ServerSpec spec : List.of(RealRedis.spec(), Millrace.quick()))
        {
            final Path target = directory.resolve("copy of " + spec.label());
            final String digest;
            try (TestServer server = start(spec, "s-" + spec.label(), "--requirepass", "word"))
            {
                server.client().ok("AUTH", "word");
                server.client().ok("DEBUG", "POPULATE", "5000", "k", "500");
                server.client().ok("RPUSH", "list", "a", "b");
                digest = server.client().text("DEBUG", "DIGEST");
                assertEquals(BackupMain.FAILED, backup(target, "--port", server.port()), () -> output);
                assertEquals(
                    BackupMain.DONE, backup(target, "--port", server.port(), "--password", "word"), () -> output);
                assertTrue(output.contains("5,001 keys in "), output);
                assertEquals(List.of("dump.rdb"), names(target));

                server.client().ok("SET", "later", "1");
                assertEquals(
                    BackupMain.FAILED, backup(target, "--port", server.port(), "--password", "word"), () -> output);
                assertTrue(output.contains("File exists"), output);
                assertEquals(
                    BackupMain.DONE, backup(target, "--port", server.port(), "--password", "word", "--replace"),
                    () -> output);
                server.client().ok("DEL", "later");
                Await.until("us to have gone", 30, () -> 0 == server.figure("replication", "connected_slaves"));
            }

            try (TestServer again = TestServer.start("again", RealRedis.spec(), target))
            {
                again.client().ok("DEL", "later");
                assertEquals(digest, again.client().text("DEBUG", "DIGEST"));
            }
        }
    }

    @Test
    void shouldLeaveNothingWhereThereIsNoCopy() throws IOException
    {
        final Path target = directory.resolve("copy");
        assertEquals(BackupMain.FAILED, backup(target, "--port", "1"));
        assertTrue(output.contains("refused"), output);
        assertEquals(BackupMain.MISUSED, backup(target, "--port", "x"));
        assertEquals(BackupMain.MISUSED, backup());
        try (TestServer server = start(Millrace.quick(), "cut"))
        {
            server.client().ok("DEBUG", "POPULATE", "20000", "k", "500");
            try (LinkProxy proxy = LinkProxy.open(server.port()))
            {
                proxy.cutAfter(1_000_000);
                assertEquals(BackupMain.FAILED, backup(target, "--port", proxy.port()), () -> output);
            }
        }

        assertEquals(List.of(), names(target));
    }
}
