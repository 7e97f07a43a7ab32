package org.millrace.engine.script;

import org.millrace.engine.resp.ArgVector;

/** What a script can do to the node, and what it asks of it. One run; writer thread. */
public interface ScriptHost extends ScriptWatch
{
    /** What {@link #replicate} takes: the append-only file, and replicas. */
    int REPLICATE_AOF = 1;
    int REPLICATE_REPLICAS = 2;

    /** What errors call the script: its SHA-1 in 40 lower-case hexadecimal digits, or the function's name. */
    String name();

    /**
     * Execute a command, or refuse it: both are a reply. It is then at {@link #replyAddress}, and whole.
     *
     * @param arguments at least one; valid until this returns.
     * @param protocol of the reply, 2 or 3: what the script has set.
     */
    void call(ArgVector arguments, int protocol);

    /** Where the reply of the last command stands, as on the wire; until the next one or the end of the run. */
    long replyAddress();

    /** Its length in bytes. 0: the command has replied nothing, which the script sees as nil. */
    int replyLength();

    /** {@code redis.set_repl}: a combination of {@link #REPLICATE_AOF} and {@link #REPLICATE_REPLICAS}, or 0. */
    void replicate(int targets);

    /**
     * {@code redis.acl_check_cmd}.
     *
     * @return true if the user of this run may execute the command.
     * @throws ScriptException if there is no such command, or it has too few arguments.
     */
    boolean mayExecute(ArgVector arguments) throws ScriptException;

    /**
     * The run ended with this error, which is to be the reply.
     *
     * @param text with its code, in one line, without the dash; chars are bytes.
     * @param wasCounted true if it is the error of a command that the script has executed: statistics have it already.
     */
    void fail(String text, boolean wasCounted);
}
