package org.millrace.io.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Millrace in a JVM of its own, started as the launcher does it. */
public final class MillraceProcess extends ServerProcess
{
    private static final String CONFIG = "config/jvm.args";

    private final String compiler;

    /** @param isOptimizing false for a node that lives for seconds: its JVM compiles quickly only. */
    public MillraceProcess(final String name, final Path directory, final boolean isOptimizing, final String... options)
        throws IOException
    {
        super(name, directory, options);
        compiler = isOptimizing ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1";
        start();
    }

    @Override
    List<String> program()
    {
        return program(List.of(compiler));
    }

    /** The command that starts a server, without the server's own arguments. @param more flags of its JVM. */
    public static List<String> program(final List<String> more)
    {
        final List<String> command = new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root().resolve(CONFIG),
                "-Xms256m",
                "-Xmx256m",
                "-Xmn32m",
                "-XX:MaxDirectMemorySize=1t",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.millrace.io.main.ServerMain"));
        return command;
    }

    /** The top of the source tree, wherever the tests are started. */
    public static Path root()
    {
        Path path = Path.of("").toAbsolutePath();
        while (null != path && !Files.exists(path.resolve(CONFIG)))
        {
            path = path.getParent();
        }

        if (null == path)
        {
            throw new IllegalStateException("not inside the source tree: no " + CONFIG);
        }

        return path;
    }
}
