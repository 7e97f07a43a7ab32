package org.millrace.engine.config;

/** What is to be known of an option beside its value. */
enum OptionTrait
{
    /** CONFIG SET refuses it; only file and command line give it a value. */
    IMMUTABLE,

    /** CONFIG SET refuses it unless {@code enable-protected-configs} lets this client. */
    GUARDED,

    /** CONFIG SET refuses it while data are being loaded. */
    DENIED_WHILE_LOADING,

    /** CONFIG GET shows it only when asked by its exact name. */
    HIDDEN,

    /** Its value must not reach SLOWLOG, MONITOR or the log. */
    SENSITIVE,

    /** Its value names what counts, which may have changed: CONFIG SET applies it also if it is the same. */
    NAMES_CONTENT,

    /** Takes several words, which CONFIG SET gets as one argument. */
    MULTIPLE,

    /** Unknown to Redis. */
    OWN
}
