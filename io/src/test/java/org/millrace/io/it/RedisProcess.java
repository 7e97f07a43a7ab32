package org.millrace.io.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.millrace.io.RealRedis;

/** A real redis-server: the installed one, else the one in the test dependency. */
final class RedisProcess extends ServerProcess
{
    RedisProcess(final String name, final Path directory, final String... options) throws IOException
    {
        super(name, directory, options);
        start();
    }

    @Override
    List<String> program() throws IOException
    {
        return List.of(RealRedis.server());
    }
}
