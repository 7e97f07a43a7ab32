package org.millrace.engine.command;

/** Which arguments of a command are channels that its user must be allowed to use; a property of its row. */
public enum ChannelUse
{
    /** None; to end a subscription nobody needs to be allowed anything. */
    NONE,

    /** The first argument. */
    FIRST,

    /** All arguments. */
    ALL,

    /** All arguments, as patterns: allowed only where the very same pattern is. */
    PATTERNS
}
