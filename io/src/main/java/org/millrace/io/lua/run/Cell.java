package org.millrace.io.lua.run;

/** A local that several functions see. */
final class Cell
{
    Object value;

    Cell(final Object value)
    {
        this.value = value;
    }
}
