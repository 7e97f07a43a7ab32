package org.millrace.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that the tests run in. */
public final class SourceTree
{
    private SourceTree()
    {
    }

    /** Its top, wherever the tests are started. */
    public static Path root()
    {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("config").resolve("jvm.args")))
        {
            path = path.getParent();
        }

        return path;
    }

    /** The Java files below {@code src/main} of every module, in the order of their names. */
    public static List<Path> mainSources() throws IOException
    {
        final List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root()))
        {
            for (final Path module : modules.filter((path) -> Files.exists(path.resolve("pom.xml"))).sorted().toList())
            {
                sources.addAll(below(module.resolve("src/main")));
            }
        }

        return sources;
    }

    /** The Java files below a directory, in the order of their names. */
    public static List<Path> below(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            return files.filter((file) -> file.toString().endsWith(".java")).sorted().toList();
        }
    }
}
