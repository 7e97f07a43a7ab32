package org.millrace.engine.config;

/** What an option is worth here. */
public enum OptionEffect
{
    /** Some part of Millrace reads it and does what it says. */
    HELD,

    /** It has no meaning here, or none as long as another option has its only possible value: silently accepted. */
    NO_MEANING,

    /** Nothing happens at another value than the default; who starts the server is told so. */
    WARNED,

    /**
     * Another value than the default promises safety, room or a restriction of access that would not be kept: refused,
     * at start and by CONFIG SET.
     */
    ONLY_DEFAULT
}
