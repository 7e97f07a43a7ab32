package org.millrace.io;

import java.nio.file.Files;
import java.nio.file.Path;

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
}
