package org.millrace.engine.script;

/** Who looks after code that runs. Writer thread. */
public interface ScriptWatch
{
    /**
     * Asked every some ten thousand steps, and by library functions that take long. Other clients may be served within.
     *
     * @return null to go on, or the text of the error, with its code, that ends the script whatever it catches, such as
     *     {@code ERR Script killed by user with SCRIPT KILL.}
     */
    String tick();

    /**
     * {@code redis.log}.
     *
     * @param level 0 debug, 1 verbose, 2 notice, 3 warning.
     * @param text whose chars are bytes.
     */
    void log(int level, String text);
}
