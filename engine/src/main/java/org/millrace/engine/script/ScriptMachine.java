package org.millrace.engine.script;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Compiles and runs scripts and functions. It has two worlds of globals, one for scripts and one for the functions of
 * libraries, which see nothing of each other. A script that is wrong, endless, too deep or too large is an error of that
 * script, never of the node. One run at a time, writer thread.
 */
public interface ScriptMachine extends AutoCloseable
{
    /**
     * Compile the body of a script.
     *
     * @param source bytes of the script.
     * @param from where the code begins: behind a line {@code #!lua ...}, at its line feed, so that the numbers of lines
     *     stay. 0 if there is no such line.
     * @throws ScriptException what is wrong with it, as {@code user_script:1: unexpected symbol near 'x'}: the caller says
     *     what it was doing in front of it.
     */
    ScriptFunction compile(byte[] source, int from) throws ScriptException;

    /**
     * Run the code of a library, which registers its functions with {@code host}. What it has registered before an error
     * is for the caller to forget.
     *
     * @param source bytes of the library.
     * @param from where the code begins, as with {@link #compile}.
     * @throws ScriptException what is wrong, with the words {@code Error compiling function: } or {@code Error registering
     *     functions: } before it, and without the code ERR in front.
     */
    void loadLibrary(byte[] source, int from, LibraryHost host) throws ScriptException;

    /**
     * Run a script, or a function of a library, to its end and reply what it returns. If it ends with an error, {@link
     * ScriptHost#fail} is told and nothing has been written to {@code reply}.
     *
     * @param arguments of the command that runs it. They stay where they are until the script ends.
     * @param first index of the first key.
     * @param keys how many keys there are; the arguments behind them are the script's.
     * @param reply where the result goes, in that writer's protocol; the one that the script has set for its own commands
     *     is another thing, and is 2 again when the next run begins.
     */
    void run(ScriptFunction function, ArgVector arguments, int first, int keys, ScriptHost host, ReplyWriter reply);

    /** Begin a new world for scripts: SCRIPT FLUSH. What was compiled before must not be run any more. */
    void resetScripts();

    /** What is held off-heap for arguments goes. Nothing is running. */
    @Override
    void close();
}
