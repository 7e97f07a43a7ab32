package org.millrace.bench.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JDKs of this machine that the launcher would take.
 */
public final class JavaHomes
{
    /** Where packages of the usual systems put them. */
    private static final List<Path> PLACES = List.of(Path.of("/usr/lib/jvm"), Path.of("/opt/java"), Path.of("/opt"));
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);

    private JavaHomes()
    {
    }

    /**
     * One JDK of each feature version from 17 on, the oldest first; that of this JVM is among them if it is one.
     */
    public static SortedMap<Integer, Path> find() throws IOException
    {
        final SortedMap<Integer, Path> homes = new TreeMap<>();
        add(homes, Path.of(System.getProperty("java.home")));
        for (final Path place : PLACES)
        {
            if (Files.isDirectory(place))
            {
                try (DirectoryStream<Path> candidates = Files.newDirectoryStream(place))
                {
                    for (final Path candidate : candidates)
                    {
                        add(homes, candidate);
                    }
                }
            }
        }

        return homes;
    }

    private static void add(final SortedMap<Integer, Path> homes, final Path home) throws IOException
    {
        final Path release = home.resolve("release");
        if (Files.isExecutable(home.resolve("bin/javac")) && Files.isReadable(release))
        {
            final Matcher version = VERSION.matcher(Files.readString(release, StandardCharsets.UTF_8));
            if (version.find() && Integer.parseInt(version.group(1)) >= OLDEST)
            {
                homes.putIfAbsent(Integer.parseInt(version.group(1)), home);
            }
        }
    }
}
