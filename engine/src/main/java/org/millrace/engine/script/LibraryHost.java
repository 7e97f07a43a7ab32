package org.millrace.engine.script;

/** Takes what the code of a library registers while it is loaded. Its {@link #tick} ends a load that takes too long. */
public interface LibraryHost extends ScriptWatch
{
    /**
     * {@code redis.register_function}.
     *
     * @param name as given, not checked: bytes as chars.
     * @param description null if none was given.
     * @param flags bits of {@link ScriptFlags}.
     * @param function to be run by FCALL, in this library's world.
     * @throws ScriptException if the name is bad, or taken; becomes an error of the code, which it may catch.
     */
    void register(String name, String description, int flags, ScriptFunction function) throws ScriptException;
}
