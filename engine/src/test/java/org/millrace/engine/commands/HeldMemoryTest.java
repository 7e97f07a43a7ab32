package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.OffHeap;

/** A reader that looks at values in place cannot be expelled: at some point writes wait for it. */
class HeldMemoryTest
{
    private static final int DATABASES = 2;
    private static final String VALUE = "v".repeat(1000);

    @Test
    void shouldRefuseWritesAndNameTheReaderThatHoldsMemory()
    {
        final OffHeap memory = new OffHeap(0);
        try (CommandHarness harness = new CommandHarness(memory, new DataSet(memory, DATABASES, 1, 20_000, 100_000)))
        {
            DataCommands.register(harness.table);
            final KeyReader reader = harness.data.openReader("report");
            final ValueView view = new ValueView(reader);
            assertTrue(view.open());
            assertNull(harness.refusal("SET", 2));
            for (int i = 0; i < 200; i++)
            {
                harness.run("SET", "key", VALUE);
            }

            assertEquals(
                "OOM reader 'report' looks at values in place and keeps too much replaced memory from being used again.",
                harness.refusal("SET", 2));
            assertNull(harness.refusal("GET", 1));
            assertNull(harness.refusal("DEL", 1));
            view.close();
            while (harness.data.doWork() > 0)
            {
                assertTrue(harness.data.retiredBytes() >= 0);
            }

            assertNull(harness.refusal("SET", 2));
            reader.close();
        }
    }
}
