package org.millrace.io.tls;

import java.security.Provider;

/** Who encrypts: Conscrypt if its jar is on the class path, which takes less CPU, else the JDK. */
final class TlsProvider
{
    /** Set to {@code jdk}: not Conscrypt, also if it is there. */
    private static final String PROPERTY = "millrace.tls.provider";

    private static final Provider FOUND = find();

    private TlsProvider()
    {
    }

    private static Provider find()
    {
        if ("jdk".equals(System.getProperty(PROPERTY)))
        {
            return null;
        }

        try
        {
            return (Provider)Class.forName("org.conscrypt.Conscrypt").getMethod("newProvider").invoke(null);
        }
        catch (final ReflectiveOperationException | LinkageError e)
        {
            // Not there, or not for this machine.
            return null;
        }
    }

    /** Null for the JDK's own. */
    static Provider get()
    {
        return FOUND;
    }
}
