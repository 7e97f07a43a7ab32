package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planted slowdown. */
class PlantAgentTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldPackWhatTheAgentNeeds() throws IOException
    {
        final String option = PlantAgent.jvmOption(directory, 12.5);

        assertEquals("-javaagent:" + directory.resolve("plant.jar") + "=12.5", option);
        try (JarFile jar = new JarFile(directory.resolve("plant.jar").toFile()))
        {
            assertEquals(
                PlantAgent.class.getName(),
                jar.getManifest().getMainAttributes().getValue("Premain-Class"));
            final String library = jar.getManifest().getMainAttributes().getValue("Class-Path");
            assertTrue(library.startsWith("file:/") && library.endsWith(".jar"), library);
            for (final Class<?> each : new Class<?>[]{
                PlantAgent.class, PlantedCode.class, PlantedCode.Failures.class, Plant.class, Plant.Entry.class})
            {
                assertNotNull(jar.getEntry(each.getName().replace('.', '/') + ".class"), each.getName());
            }
        }
    }

    /** Of the server this module knows only its source. */
    @Test
    void shouldNameAMethodOfTheServer() throws IOException
    {
        final Path source = Path.of("../io/src/main/java", PlantAgent.CLASS_NAME.replace('.', '/') + ".java");

        assertTrue(Files.readString(source).contains("int " + PlantAgent.METHOD_NAME + "()"), source.toString());
    }

    @Test
    void shouldBurnTheShareItIsTold()
    {
        final var threads = ManagementFactory.getThreadMXBean();
        Plant.share(1);
        Plant.burn();
        final long startNs = threads.getCurrentThreadCpuTime();
        long ownNs = 0;
        for (int i = 0; i < 64; i++)
        {
            final long turnNs = threads.getCurrentThreadCpuTime();
            while (threads.getCurrentThreadCpuTime() - turnNs < 200_000)
            {
                Thread.onSpinWait();
            }

            ownNs += threads.getCurrentThreadCpuTime() - turnNs;
            Plant.burn();
        }

        final double ratio = (double)(threads.getCurrentThreadCpuTime() - startNs) / ownNs;
        assertTrue(ratio > 1.5 && ratio < 3, "twice the time was asked for, it was " + ratio);
        Plant.share(0);
    }
}
