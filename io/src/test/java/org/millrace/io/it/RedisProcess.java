package org.millrace.io.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.millrace.io.RealRedis;

/** A real redis-server: the installed one, else the one in the test dependency. */
public final class RedisProcess extends ServerProcess
{
    private final String executable;

    RedisProcess(final String name, final Path directory, final String... options) throws IOException
    {
        this(name, directory, RealRedis.server(), options);
    }

    private RedisProcess(final String name, final Path directory, final String executable, final String... options)
        throws IOException
    {
        super(name, directory, options);
        this.executable = executable;
        start();
    }

    /** The version in the test dependency, whatever is installed. */
    public static RedisProcess bundled(final String name, final Path directory, final String... options)
        throws IOException
    {
        return new RedisProcess(name, directory, RealRedis.bundledServer(), options);
    }

    @Override
    List<String> program()
    {
        return List.of(executable);
    }
}
