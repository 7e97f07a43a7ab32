package org.millrace.bench.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import net.bytebuddy.agent.builder.AgentBuilder;

/**
 * An agent of the JVM that makes a server slower by a known share, to see whether the gate notices: the server's main
 * loop then begins each turn with {@link Plant#burn}. Nothing in the server knows of it.
 */
public final class PlantAgent
{
    /** A turn of the thread that does a server's work. */
    static final String CLASS_NAME = "org.millrace.io.runtime.WriterAgent";
    static final String METHOD_NAME = "doWork";
    private static final int EXIT_CODE = 3;
    private static final List<Class<?>> CLASSES = List.of(
        PlantAgent.class, PlantedCode.class, PlantedCode.Failures.class, Plant.class, Plant.Entry.class);

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
        PlantedCode.at(CLASS_NAME, METHOD_NAME, Plant.Entry.class, PlantAgent::end).installOn(instrumentation);
    }

    /** The JVM would run the server at full speed, which would pass for a blind gate. */
    private static void end(final Throwable failure)
    {
        System.err.println("cannot slow down " + CLASS_NAME + "." + METHOD_NAME + ": " + failure.getMessage());
        Runtime.getRuntime().halt(EXIT_CODE);
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
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, library());
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

    /** Where this JVM has ByteBuddy from. */
    private static String library() throws IOException
    {
        try
        {
            return AgentBuilder.class.getProtectionDomain().getCodeSource().getLocation().toURI().toASCIIString();
        }
        catch (final URISyntaxException ex)
        {
            throw new IOException(ex);
        }
    }
}
