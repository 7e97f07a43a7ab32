package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.io.SourceTree;
import org.millrace.kit.server.PeerFinder;

/** Client libraries of Node.js, by scripts in {@code src/test/node}, where {@code npm ci} has brought them. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class NodeClientsTest
{
    private static final Path SCRIPTS = SourceTree.root().resolve("io/src/test/node");
    private static final String NODE = "node";

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @BeforeEach
    void findLibraries()
    {
        assumeTrue(PeerFinder.program(NODE).isPresent() && Files.isDirectory(SCRIPTS.resolve("node_modules/ioredis")),
            "not run: Node.js and its client libraries are not there (npm ci in io/src/test/node)");
    }

    @Test
    void shouldGiveClientLibrariesWhatRedisGivesThem() throws Exception
    {
        run("clients.js", nodes.millrace("millrace", Mode.SHARED).port(), nodes.redis("redis").port());
    }

    @Test
    void shouldServeTheQueuesOfBullmq() throws Exception
    {
        run("bull.js", nodes.millrace("millrace", Mode.SHARED).port());
    }

    private void run(final String script, final int... ports) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of(NODE, SCRIPTS.resolve(script).toString()));
        for (final int port : ports)
        {
            command.add(Integer.toString(port));
        }

        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        nodes.closing(process::destroyForcibly);
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
