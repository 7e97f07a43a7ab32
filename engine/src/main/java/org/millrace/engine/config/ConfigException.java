package org.millrace.engine.config;

/** A directive that cannot be accepted. The message is Redis's own wording, ready for a reply or the console. */
public final class ConfigException extends Exception
{
    private static final long serialVersionUID = 1L;

    public ConfigException(final String message)
    {
        super(message, null, false, false);
    }
}
