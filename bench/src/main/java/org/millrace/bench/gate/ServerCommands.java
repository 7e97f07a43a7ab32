package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.ServerSpec;

/**
 * How to start the servers that the gate compares.
 */
final class ServerCommands
{
    private static final String JVM_OPTIONS = "MILLRACE_JVM_OPTS";

    private ServerCommands()
    {
    }

    /**
     * A Millrace from a directory that holds a source tree with its launcher; builds it if that has yet to be done.
     *
     * @param label      name in tables.
     * @param directory  top of the tree.
     * @param threading  shared or dedicated: the default depends on the machine.
     * @param jvmOptions added to those that the launcher sets.
     * @throws IOException if there is no launcher, or it cannot start a server.
     */
    static ServerSpec millrace(
        final String label,
        final Path directory,
        final String threading,
        final String... jvmOptions) throws IOException
    {
        final Path launcher = directory.resolve("millrace").toAbsolutePath().normalize();
        if (!Files.isExecutable(launcher))
        {
            throw new IOException("no launcher script 'millrace' in " + directory);
        }

        return new ServerSpec(
            label,
            withOptions(List.of(launcher.toString(), "server", "--threading", threading), jvmOptions));
    }

    /** Has the launcher build what it starts, which may take longer than a start may. */
    static void build(final Path directory) throws IOException
    {
        final Path launcher = directory.resolve("millrace").toAbsolutePath().normalize();
        final Outcome outcome = Outcome.of(launcher.toString(), "server", "--version");
        if (0 != outcome.code())
        {
            throw new IOException("the build in " + directory + " does not start:\n" + outcome.output());
        }
    }

    /** The launcher reads further options of the JVM from the environment. */
    private static List<String> withOptions(final List<String> command, final String... jvmOptions)
    {
        if (0 == jvmOptions.length)
        {
            return command;
        }

        final String inherited = System.getenv(JVM_OPTIONS);
        final List<String> longer = new ArrayList<>();
        longer.add("env");
        longer.add(
            JVM_OPTIONS + "=" + (null == inherited ? "" : inherited + " ") + String.join(" ", jvmOptions));
        longer.addAll(command);
        return List.copyOf(longer);
    }
}
