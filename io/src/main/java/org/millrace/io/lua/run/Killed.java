package org.millrace.io.lua.run;

/** The script is to end, whatever it catches. */
public final class Killed extends Error
{
    private static final long serialVersionUID = 1;

    public Killed(final String text)
    {
        super(text, null, false, false);
    }
}
