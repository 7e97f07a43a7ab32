package org.millrace.engine.acl;

import org.millrace.engine.command.KeyFlags;

/**
 * A pattern of keys, and what may be done to those that match.
 *
 * @param access bits: {@link #READ}, {@link #WRITE}.
 */
record KeyPattern(Pattern pattern, int access)
{
    static final int READ = 1;
    static final int WRITE = 1 << 1;
    static final int ALL = READ | WRITE;

    /** What a command needs that does this to a key; nothing if it shows and changes no data: any pattern will do. */
    static int needed(final int keyFlags)
    {
        final boolean isWriting = 0 != (keyFlags & (KeyFlags.INSERT | KeyFlags.DELETE | KeyFlags.UPDATE));
        return (0 != (keyFlags & KeyFlags.ACCESS) ? READ : 0) | (isWriting ? WRITE : 0);
    }

    boolean allows(final int needed)
    {
        return needed == (access & needed);
    }

    /** As a rule. */
    String rule()
    {
        final String prefix = switch (access)
        {
            case READ -> "%R~";
            case WRITE -> "%W~";
            default -> "~";
        };
        return prefix + pattern.text();
    }
}
