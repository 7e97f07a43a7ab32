package org.millrace.bench.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * An agent of the JVM that makes a server slower by a known share, to see whether the gate notices: the server's main
 * loop then begins each turn with {@link Plant#burn}. Nothing in the server knows of it.
 */
public final class PlantAgent
{
    /** A turn of the thread that does a server's work. */
    private static final String CLASS_NAME = "org/millrace/io/runtime/WriterAgent";
    private static final String METHOD_NAME = "doWork";
    private static final int EXIT_CODE = 3;
    private static final List<Class<?>> CLASSES = List.of(
        PlantAgent.class, Plant.class, MethodEntryPatch.class, StackMapPatch.class, Patcher.class);

    private PlantAgent()
    {
    }

    /**
     * Called by the JVM before the server's main method.
     *
     * @param percent how much slower.
     */
    public static void premain(final String percent, final Instrumentation instrumentation)
    {
        Plant.share(Double.parseDouble(percent) / 100);
        instrumentation.addTransformer(new Patcher());
    }

    /**
     * Writes the agent's jar.
     *
     * @param directory in which it is made.
     * @return option that makes a JVM load it.
     */
    static String jvmOption(final Path directory, final double percent) throws IOException
    {
        final Path file = directory.resolve("plant.jar");
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", PlantAgent.class.getName());
        try (
            OutputStream stream = Files.newOutputStream(file);
            JarOutputStream jar = new JarOutputStream(stream, manifest))
        {
            for (final Class<?> each : CLASSES)
            {
                final String name = each.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream bytes = each.getResourceAsStream("/" + name))
                {
                    bytes.transferTo(jar);
                }

                jar.closeEntry();
            }
        }

        return "-javaagent:" + file + "=" + percent;
    }

    /** Patches the one class when it is loaded. */
    static final class Patcher implements ClassFileTransformer
    {
        @Override
        public byte[] transform(
            final ClassLoader loader,
            final String className,
            final Class<?> redefined,
            final ProtectionDomain domain,
            final byte[] bytes)
        {
            if (!CLASS_NAME.equals(className))
            {
                return null;
            }

            try
            {
                return MethodEntryPatch.apply(bytes, METHOD_NAME, Plant.class.getName().replace('.', '/'), "burn");
            }
            catch (final IOException | RuntimeException ex)
            {
                // The JVM would swallow it and run the server at full speed, which would pass for a blind gate.
                System.err.println("cannot slow down " + CLASS_NAME + "." + METHOD_NAME + ": " + ex.getMessage());
                Runtime.getRuntime().halt(EXIT_CODE);
                return null;
            }
        }
    }
}
