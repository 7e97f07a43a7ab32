package org.millrace.engine.config;

/** What this server calls itself. */
public final class Versions
{
    public static final String MILLRACE = "0.1.0";

    /** The Redis whose commands, replies and errors we answer with; clients switch features on it. */
    public static final String REDIS = "7.2.5";

    private Versions()
    {
    }
}
