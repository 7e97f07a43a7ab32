package org.millrace.engine.script;

/** What a script or a function says about itself, as bits. */
public final class ScriptFlags
{
    public static final int NO_WRITES = 1;
    public static final int ALLOW_OOM = 2;
    public static final int ALLOW_STALE = 4;
    public static final int NO_CLUSTER = 8;
    public static final int ALLOW_CROSS_SLOT_KEYS = 16;

    /** A bit a name, in the order of the bits, which is the order in which FUNCTION LIST shows them. */
    private static final String[] NAMES = {
        "no-writes",
        "allow-oom",
        "allow-stale",
        "no-cluster",
        "allow-cross-slot-keys"
    };

    private ScriptFlags()
    {
    }

    /** The bit of a name, in lower case; 0 if there is no such flag. */
    public static int of(final String name)
    {
        for (int i = 0; i < NAMES.length; i++)
        {
            if (NAMES[i].equals(name))
            {
                return 1 << i;
            }
        }

        return 0;
    }

    /** How many flags there are: bits 0 to one less. */
    public static int count()
    {
        return NAMES.length;
    }

    /** The name of a bit, by its number. */
    public static String name(final int number)
    {
        return NAMES[number];
    }
}
