package org.millrace.io.lua.run;

/** Marks the function {@code next}, which loops know. */
public interface Next
{
}
