package org.millrace.engine.script;

/**
 * A turn for others in the midst of a script has failed, as it would have between two commands: that ends the node. An
 * error of a kind of its own, since what it was (no memory, a reply too long) would be taken for the script's by whoever
 * has called that.
 */
final class TurnFailure extends Error
{
    private static final long serialVersionUID = 1;

    TurnFailure(final Throwable cause)
    {
        super("a turn within a script failed", cause);
    }
}
