package org.millrace.io.lua.run;

/** Code that uses a local. While it is read it is not known yet whether an inner function will share the local. */
public interface LocalUse
{
    /** An inner function uses the local: it stands in a cell. Before anything runs. */
    void share();
}
