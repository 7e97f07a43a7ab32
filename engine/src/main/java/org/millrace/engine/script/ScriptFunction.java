package org.millrace.engine.script;

/** Something that a {@link ScriptMachine} can run: a compiled script, or what a library has registered. Opaque. */
public interface ScriptFunction
{
}
