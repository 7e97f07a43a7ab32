package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
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
            for (final Class<?> each : new Class<?>[]{
                PlantAgent.class, PlantAgent.Patcher.class, Plant.class, MethodEntryPatch.class, StackMapPatch.class})
            {
                assertNotNull(jar.getEntry(each.getName().replace('.', '/') + ".class"), each.getName());
            }
        }
    }

    @Test
    void shouldLeaveOtherClassesAlone()
    {
        assertNull(new PlantAgent.Patcher().transform(null, "some/Other", null, null, new byte[0]));
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
