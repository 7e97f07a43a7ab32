package org.millrace.bench.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.millrace.kit.resp.InfoReply;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * How a server runs: what a figure of it must be quoted with. Immutable.
 *
 * @param version      as it says itself.
 * @param threading    its threading mode, or "-" if it has none to choose.
 * @param idleStrategy what it does when idle, or "-".
 * @param jdk          version of the JDK that runs it, or "-".
 * @param jvmFlags     heap and collector flags of its JVM, or "-".
 */
public record ServerFacts(String version, String threading, String idleStrategy, String jdk, String jvmFlags)
{
    private static final String NONE = "-";

    /**
     * Asks a running server.
     */
    public static ServerFacts of(final ServerProcess server) throws IOException
    {
        try (RespClient client = server.connect())
        {
            final InfoReply info = client.info("server");
            final String own = info.text("server_name", "redis") + "_version";
            final List<String> command = ServerUse.runningCommand(server);
            return new ServerFacts(
                info.text(own, info.text("redis_version", "unknown")),
                setting(client, "threading"),
                setting(client, "idle-strategy"),
                command.isEmpty() ? NONE : jdk(Path.of(command.get(0))),
                flags(command));
        }
    }

    private static String setting(final RespClient client, final String name) throws IOException
    {
        final Object reply = client.call("CONFIG", "GET", name);
        if (reply instanceof List && 2 == ((List<?>)reply).size())
        {
            return new String((byte[])((List<?>)reply).get(1), StandardCharsets.UTF_8);
        }

        return NONE;
    }

    /** The file "release" stands beside the directory of the program in every JDK. */
    private static String jdk(final Path program) throws IOException
    {
        final Path release = program.resolveSibling("..").resolve("release");
        if (!Files.isReadable(release))
        {
            return NONE;
        }

        return Files.readAllLines(release).stream().filter((line) -> line.startsWith("JAVA_VERSION="))
            .map((line) -> line.substring(line.indexOf('=') + 1).replace("\"", "")).findFirst().orElse(NONE);
    }

    private static String flags(final List<String> command)
    {
        // Flags with a file in them are about logs, and a path is nobody's business.
        final String flags = command.stream().skip(1).takeWhile((word) -> !"-cp".equals(word))
            .filter((word) -> word.startsWith("-X") && word.indexOf('/') < 0).collect(Collectors.joining(" "));
        return flags.isEmpty() ? NONE : flags;
    }
}
