package org.millrace.io.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.millrace.io.SourceTree;
import org.millrace.kit.server.ServerSpec;

/** How Millrace starts in a JVM of its own, as the launcher does it, but with the classes of the tests. */
public final class Millrace
{
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    /** As the tests themselves. */
    private static final String CHECKED = "-Dmillrace.memory.checked=" + Boolean.getBoolean("millrace.memory.checked");

    private Millrace()
    {
    }

    /** A node that lives for seconds: its JVM compiles quickly only, and checks its memory. */
    public static ServerSpec quick()
    {
        return new ServerSpec("millrace", command(List.of(QUICK, CHECKED)));
    }

    /** A node whose JVM compiles as it does in production: for loads that last. */
    static ServerSpec optimizing()
    {
        return new ServerSpec("millrace", command(List.of()));
    }

    /** The command that starts a server, without the server's own arguments. @param more flags of its JVM. */
    public static List<String> command(final List<String> more)
    {
        final List<String> command = new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + SourceTree.root().resolve("config/jvm.args"),
                "-Xms256m",
                "-Xmx256m",
                "-Xmn32m",
                "-Xss16m",
                "-XX:MaxDirectMemorySize=1t",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.millrace.io.main.ServerMain"));
        return command;
    }
}
