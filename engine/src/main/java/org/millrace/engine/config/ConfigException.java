package org.millrace.engine.config;

/** A directive that cannot be accepted. The message is Redis's own wording, ready for a reply or the console. */
public final class ConfigException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final transient ConfigOption option;

    public ConfigException(final String message)
    {
        this(null, message);
    }

    ConfigException(final ConfigOption option, final String message)
    {
        super(message, null, false, false);
        this.option = option;
    }

    /** The option whose last line is to blame, or null. */
    public ConfigOption option()
    {
        return option;
    }
}
