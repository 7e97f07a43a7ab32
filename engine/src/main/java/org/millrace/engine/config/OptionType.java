package org.millrace.engine.config;

/** How a directive's words become a value, and how the value is printed back. */
public enum OptionType
{
    /** {@code yes} or {@code no}. */
    BOOL,

    /** A signed decimal number. */
    INTEGER,

    /** A decimal number whose bounds are compared without sign. */
    UNSIGNED,

    /** Bytes with an optional unit: k and kb, m and mb, g and gb. */
    MEMORY,

    /** Bytes up to 2^64 - 1. */
    UNSIGNED_MEMORY,

    /** Bytes, or a percentage that is kept as a negative number. */
    MEMORY_OR_PERCENT,

    /** An octal number, as permissions are written. */
    OCTAL,

    /** One word out of a list. */
    CHOICE,

    /** Several words out of a list, kept as bits. */
    CHOICES,

    /** Any text; an empty one is a value. */
    TEXT,

    /** Any text; an empty one means that there is no value. */
    OPTIONAL_TEXT,

    /** The working directory, kept as an absolute path. */
    DIRECTORY,

    /** Pairs of seconds and changes, see {@link SavePoints}. */
    SAVE_POINTS,

    /** Limits per client class, see {@link OutputLimits}. */
    OUTPUT_LIMITS,

    /** Three numbers for the kernel's out-of-memory killer. */
    OOM_VALUES,

    /** Letters for classes of events, see {@link KeyspaceEvents}. */
    KEYSPACE_EVENTS,

    /** Addresses to listen on. */
    ADDRESSES,

    /** Host and port of the primary to follow. */
    PRIMARY,

    /** Percentages between 0 and 100. */
    PERCENTILES,

    /** Known in files and on the command line only. */
    FILE_ONLY
}
