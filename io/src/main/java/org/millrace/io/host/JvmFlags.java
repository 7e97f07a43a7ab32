package org.millrace.io.host;

/** Tells a program that embeds a node which JVM flags are missing, before the first class that needs them fails. */
public final class JvmFlags
{
    private JvmFlags()
    {
    }

    /** @throws IllegalStateException naming the flags that are missing. */
    public static void check()
    {
        final Module base = Object.class.getModule();
        final Module own = JvmFlags.class.getModule();
        final StringBuilder missing = new StringBuilder();
        if (!base.isExported("jdk.internal.misc", own))
        {
            missing.append(" --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
        }

        if (!base.isOpen("java.lang.reflect", own))
        {
            missing.append(" --add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
        }

        if (!base.isOpen("sun.nio.ch", own))
        {
            missing.append(" --add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        }

        if (!missing.isEmpty())
        {
            throw new IllegalStateException(
                "Millrace needs JVM flags that are missing; add to the java command line:" + missing);
        }
    }
}
