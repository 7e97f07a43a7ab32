package org.millrace.engine.script;

/** What is wrong with a script, in Redis's words; text whose chars are bytes (ISO 8859-1). */
public final class ScriptException extends Exception
{
    private static final long serialVersionUID = 1;

    public ScriptException(final String text)
    {
        super(text, null, false, false);
    }
}
