package org.millrace.engine.command;

/** Where a command stood that was denied; the words of ACL LOG in lower case. */
public enum AccessContext
{
    TOPLEVEL,
    MULTI,
    LUA
}
