package org.millrace.kit.server;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds servers on this machine: the peers by name, Millrace by its launcher script.
 */
public final class PeerFinder
{
    /** System property that names Millrace's launcher script; the script itself sets it. */
    public static final String LAUNCHER_PROPERTY = "millrace.launcher";

    /** System property that names the top of the source tree or installation; the script sets it. */
    private static final String HOME_PROPERTY = "millrace.home";

    private static final List<String> COMMON_PLACES = List.of(
        "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/sbin", "/usr/sbin", "/snap/bin");

    private PeerFinder()
    {
    }

    /**
     * Looks for a program on PATH and in common places.
     *
     * @param name a bare name, or a path, which is taken as it is.
     */
    public static Optional<Path> program(final String name)
    {
        if (name.indexOf('/') >= 0)
        {
            return Optional.of(Path.of(name)).filter(Files::isExecutable);
        }

        final List<String> places = new ArrayList<>();
        final String path = System.getenv("PATH");
        if (null != path)
        {
            places.addAll(List.of(path.split(File.pathSeparator)));
        }

        places.addAll(COMMON_PLACES);
        return places.stream().filter((place) -> !place.isEmpty()).map((place) -> Path.of(place, name))
            .filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst();
    }

    /**
     * A peer such as {@code redis-server} or {@code valkey-server}, if it is installed.
     */
    public static Optional<ServerSpec> peer(final String name)
    {
        return program(name).map((file) -> new ServerSpec(file.getFileName().toString(), List.of(file.toString())));
    }

    /**
     * A server as somebody has written its command: a program, then leading arguments, with blanks between them.
     *
     * @param label of the server; null for the name of the program.
     * @throws IOException if there is no such program.
     */
    public static ServerSpec command(final String label, final String command) throws IOException
    {
        final String[] words = command.trim().split("\\s+");
        final Path program = program(words[0]).orElseThrow(() -> new IOException("no such program: " + words[0]));
        words[0] = program.toString();
        return new ServerSpec(null == label ? program.getFileName().toString() : label, List.of(words));
    }

    /**
     * Millrace, started by its launcher script: the one that a property names, else the file {@code millrace} in
     * the working directory, the directory of this class's jar, or the nearest directory above either.
     */
    public static Optional<ServerSpec> millrace()
    {
        return launcher().map((file) -> new ServerSpec("millrace", List.of(file.toString(), "server")));
    }

    /**
     * The top of the source tree or of the installation.
     */
    public static Optional<Path> home()
    {
        final String home = System.getProperty(HOME_PROPERTY);
        return null != home && !home.isEmpty()
            ? Optional.of(Path.of(home))
            : launcher().map(Path::getParent);
    }

    private static Optional<Path> launcher()
    {
        final String named = System.getProperty(LAUNCHER_PROPERTY);
        if (null != named && !named.isEmpty())
        {
            return Optional.of(Path.of(named).toAbsolutePath()).filter(Files::isExecutable);
        }

        return above(Path.of("").toAbsolutePath()).or(() -> above(codePlace()));
    }

    private static Optional<Path> above(final Path start)
    {
        for (Path place = start; null != place; place = place.getParent())
        {
            final Path candidate = place.resolve("millrace");
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate))
            {
                return Optional.of(candidate);
            }
        }

        return Optional.empty();
    }

    private static Path codePlace()
    {
        try
        {
            return Path.of(PeerFinder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (final URISyntaxException ex)
        {
            return null;
        }
    }
}
