package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.millrace.engine.memory.Memory;

/** What the AUX fields of an image said. Unknown ones are passed over, as Redis does. Owned by one loader. */
public final class RdbAux
{
    private static final int REPLID_LENGTH = 40;

    /** No name or value that means anything here is longer. */
    private static final int NAME_MAX = 64;
    private static final int VALUE_MAX = 1024;

    private static final int MODULE_NAME_LENGTH = 9;
    private static final int MODULE_VERSION_BITS = 10;
    private static final String MODULE_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** A field that holds a script. */
    private static final String SCRIPT = "lua";

    private final RdbTarget target;
    private String name = "";
    private String replid;
    private String producer;
    private int streamDb = -1;
    private long replOffset = -1;
    private long createdSeconds = -1;
    private long usedMemory = -1;

    RdbAux(final RdbTarget target)
    {
        this.target = target;
    }

    void onName(final long address, final long length)
    {
        name = length <= NAME_MAX ? text(address, (int)length) : "";
    }

    void onValue(final long address, final long length)
    {
        if (SCRIPT.equals(name))
        {
            target.script(bytes(address, length));
            return;
        }

        final String value = length <= VALUE_MAX ? text(address, (int)length) : "";
        switch (name)
        {
            case "redis-ver", "valkey-ver" -> producer = value;
            case "repl-stream-db" -> streamDb = (int)number(value, Integer.MAX_VALUE);
            case "repl-id" -> replid = REPLID_LENGTH == value.length() ? value : null;
            case "repl-offset" -> replOffset = number(value, Long.MAX_VALUE);
            case "ctime" -> createdSeconds = number(value, Long.MAX_VALUE);
            case "used-mem" -> usedMemory = number(value, Long.MAX_VALUE);
            default -> {
            }
        }
    }

    /** Longest value that is wanted of the field whose name was read; of scripts, any. */
    long valueMax()
    {
        return SCRIPT.equals(name) ? Long.MAX_VALUE : VALUE_MAX;
    }

    /** repl-stream-db, or -1. */
    public int streamDb()
    {
        return streamDb;
    }

    /** repl-id, or null. */
    public String replid()
    {
        return replid;
    }

    /** repl-offset, or -1. */
    public long replOffset()
    {
        return replOffset;
    }

    /** redis-ver or valkey-ver as it stood, for the log; null if there was none. */
    public String producer()
    {
        return producer;
    }

    /** ctime, epoch seconds, or -1. */
    public long createdSeconds()
    {
        return createdSeconds;
    }

    /** used-mem, or -1. */
    public long usedMemory()
    {
        return usedMemory;
    }

    /** A module id is nine characters of six bits, and ten bits of version. */
    static String moduleName(final long id)
    {
        final char[] text = new char[MODULE_NAME_LENGTH];
        long left = id >>> MODULE_VERSION_BITS;
        for (int i = MODULE_NAME_LENGTH - 1; i >= 0; i--)
        {
            text[i] = MODULE_CHARACTERS.charAt((int)(left & 0x3F));
            left >>>= 6;
        }

        return new String(text);
    }

    private static long number(final String value, final long max)
    {
        try
        {
            final long number = Long.parseLong(value);
            return 0 <= number && number <= max ? number : -1;
        }
        catch (final NumberFormatException ex)
        {
            return -1;
        }
    }

    private static String text(final long address, final int length)
    {
        return new String(bytes(address, length), ISO_8859_1);
    }

    /** A copy. */
    static byte[] bytes(final long address, final long length)
    {
        final byte[] copy = new byte[(int)length];
        Memory.copy(address, copy, 0, copy.length);
        return copy;
    }
}
