package org.millrace.embed;

/** What a {@link MillraceWriter} does when its node has not yet run what was handed over before, and room is used up. */
public enum BackPressure
{
    /** Wait until there is room: the caller goes as fast as the node. */
    WAIT,

    /** Hand nothing over and return false: the caller decides. */
    REFUSE
}
