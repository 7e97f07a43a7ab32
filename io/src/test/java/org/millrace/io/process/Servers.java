package org.millrace.io.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.millrace.io.it.EndedServers;

/** The servers of one test, whose surroundings it chooses, and a directory for their files. */
public final class Servers extends EndedServers
{
    private Path root;
    private int outputs;

    /** A server that works in {@link #directory} unless told otherwise. */
    public Launch launch()
    {
        return new Launch(this, directory());
    }

    /** Where servers work, empty at first. */
    public String directory()
    {
        return directory("work");
    }

    /** A directory of this test. @param name bytes, a character each; may have slashes. */
    public String directory(final String name)
    {
        final String path = root() + "/" + name;
        Shell.run("mkdir -p " + Shell.quote(path));
        return path;
    }

    private Path root()
    {
        if (null == root)
        {
            try
            {
                root = Files.createTempDirectory("millrace-process").toRealPath();
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }

        return root;
    }

    /** Another program beside the servers, which ends with the test. @param script that becomes it. */
    public void background(final String script)
    {
        started(new Server(0, false, nextDirectory(), new ProcessBuilder(Shell.command(script))));
    }

    /** Where the output of a further server goes, out of sight of all of them. */
    Path nextDirectory()
    {
        try
        {
            return Files.createDirectory(root().resolve("output-" + ++outputs));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    Server started(final Server server)
    {
        server.begin();
        return serving(server);
    }

    @Override
    protected void deleteFiles()
    {
        if (null != root)
        {
            // By the shell: names in it may be none of this JVM's locale.
            Shell.run("rm -rf " + Shell.quote(root.toString()));
            root = null;
        }
    }
}
