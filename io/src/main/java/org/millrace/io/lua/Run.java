package org.millrace.io.lua;

import java.util.function.Supplier;
import org.millrace.engine.script.LibraryHost;
import org.millrace.engine.script.ScriptHost;
import org.millrace.engine.script.ScriptWatch;

/** What runs, and for whom. Asked by the interpreter whether to go on. */
final class Run implements Supplier<String>
{
    private static final int DEFAULT_PROTOCOL = 2;

    private ScriptWatch watch;
    private ScriptHost host;
    private LibraryHost library;
    private int protocol = DEFAULT_PROTOCOL;

    void begin(final ScriptHost host)
    {
        this.host = host;
        watch = host;
        protocol = DEFAULT_PROTOCOL;
    }

    void beginLoad(final LibraryHost library)
    {
        this.library = library;
        watch = library;
    }

    void end()
    {
        host = null;
        library = null;
        watch = null;
    }

    /** Null while a library is loaded. */
    ScriptHost host()
    {
        return host;
    }

    /** Null while a script runs. */
    LibraryHost library()
    {
        return library;
    }

    ScriptWatch watch()
    {
        return watch;
    }

    /** Of the replies that the script gets; also behind the end of the run. */
    int protocol()
    {
        return protocol;
    }

    void protocol(final int protocol)
    {
        this.protocol = protocol;
    }

    @Override
    public String get()
    {
        try
        {
            return watch.tick();
        }
        catch (final RuntimeException | Error e)
        {
            throw new HostFailure(e);
        }
    }
}
