package org.millrace.engine.aof;

/**
 * One line of a manifest.
 *
 * @param name of the file, in the directory of the manifest.
 * @param sequence number among those of its type.
 * @param type {@link #BASE}, {@link #INCREMENT} or {@link #HISTORY}.
 */
public record AofFile(String name, long sequence, char type)
{
    /** What all was when it was last rewritten: a snapshot, or commands. */
    public static final char BASE = 'b';

    /** Commands since then. */
    public static final char INCREMENT = 'i';

    /** Of no use any more, to be deleted. */
    public static final char HISTORY = 'h';
}
