package org.millrace.io.process;

import java.nio.file.Path;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.TestServer;

/** One life of a server whose surroundings a test has chosen. */
public final class Server extends TestServer
{
    /** @param isForked the server is not the process itself but its child. */
    Server(final int port, final boolean isForked, final Path directory, final ProcessBuilder builder)
    {
        super(
            isForked
                ? new Forked(port, directory, builder)
                : new ServerProcess("port " + port, "server", port, directory, builder));
    }

    /** A server that sees itself as 1. */
    private static final class Forked extends ServerProcess
    {
        Forked(final int port, final Path directory, final ProcessBuilder builder)
        {
            super("port " + port, "server", port, directory, builder);
        }

        @Override
        public ProcessHandle handle()
        {
            return super.handle().children().findFirst().orElse(super.handle());
        }
    }

    /** A path of its file systems (a {@link Launch#tiny} one, say) as this process can name it. */
    public String within(final String path)
    {
        return "/proc/" + pid() + "/root" + path;
    }
}
