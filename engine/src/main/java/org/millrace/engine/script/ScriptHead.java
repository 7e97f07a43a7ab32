package org.millrace.engine.script;

/**
 * What a script or a library says of itself.
 *
 * @param flags bits of {@link ScriptFlags}, or {@link #UNFLAGGED}.
 * @param from index in the source of the line feed that ends the line which says so, where the code begins; 0 if there
 *     is no such line.
 * @param name of the library; empty for a script.
 */
record ScriptHead(int flags, int from, String name)
{
    /** The script says nothing of itself: it may try to do whatever it likes, and is stopped at what may not be done now. */
    static final int UNFLAGGED = 1 << 30;

    /** A script without a line that says something. */
    static final ScriptHead NONE = new ScriptHead(UNFLAGGED, 0, "");
}
