package org.millrace.engine.snapshot;

/** What a loader reads next. Each but {@link #OPCODE} is one field; when it has been read the next phase begins. */
enum RdbPhase
{
    /** Signature and version. */
    HEADER,

    /** The first byte of a field or record; also whole records of strings, taken together. */
    OPCODE,

    AUX_NAME,
    AUX_VALUE,

    /** An AUX value that is longer than anything that matters. */
    SKIPPED_BYTES,

    SELECTDB,

    /** Hints of sizes. */
    SKIPPED_LENGTHS,

    /** Seconds since a key's last use. */
    IDLE,

    /** Counter of a key's uses. */
    FREQUENCY,

    EXPIRE_MS,
    EXPIRE_SECONDS,

    /** A function library. */
    FUNCTION,

    /** Data of a module: read for its name. */
    MODULE_AUX,

    KEY,

    /** Left to the reader of the value's wire form. */
    VALUE,

    CHECKSUM,

    /** All was read and is right. */
    DONE,

    /** Something is wrong; nothing more is read. */
    FAILED;

    /** True once nothing more is read. */
    boolean isEnd()
    {
        return DONE == this || FAILED == this;
    }

    /** The whole relation of what may follow what: what is not listed here is a bug. Any but an end may fail. */
    boolean canMoveTo(final RdbPhase next)
    {
        if (FAILED == next)
        {
            return !isEnd();
        }

        return switch (this)
        {
            case OPCODE -> isFirstOfRecord(next) || CHECKSUM == next || DONE == next;
            case AUX_NAME -> AUX_VALUE == next;
            case AUX_VALUE -> OPCODE == next || SKIPPED_BYTES == next;
            case HEADER, SKIPPED_BYTES, SELECTDB, SKIPPED_LENGTHS, IDLE, FREQUENCY, EXPIRE_MS, EXPIRE_SECONDS,
                FUNCTION, VALUE ->
                OPCODE == next;
            case KEY -> VALUE == next;
            case CHECKSUM -> DONE == next;
            case MODULE_AUX, DONE, FAILED -> false;
        };
    }

    private static boolean isFirstOfRecord(final RdbPhase next)
    {
        return switch (next)
        {
            case AUX_NAME, SELECTDB, SKIPPED_LENGTHS, IDLE, FREQUENCY, EXPIRE_MS, EXPIRE_SECONDS, FUNCTION,
                MODULE_AUX, KEY ->
                true;
            default -> false;
        };
    }
}
