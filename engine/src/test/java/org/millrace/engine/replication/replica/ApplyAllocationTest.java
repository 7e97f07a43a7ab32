package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.replication.replica.ScriptedPrimary.command;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.KeyFlags;

/** The stream is applied without garbage: what the link itself allocates, with a command that allocates nothing. */
class ApplyAllocationTest
{
    private static final int COMMANDS = 100_000;
    private static final int ROUNDS_MAX = 5;

    private long count;

    @Test
    void shouldAllocateNothingPerCommand()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final byte[] commands = command("count", "key:000000001234", "x".repeat(64))
            .repeat(COMMANDS).getBytes(StandardCharsets.ISO_8859_1);

        try (ReplicaRig rig = new ReplicaRig())
        {
            rig.table.add("count", 3, CommandFlags.WRITE, Category.NONE, CommandKeys.one(KeyFlags.EDIT), (context) ->
            {
                count++;
                context.reply().ok();
            });
            rig.streaming(0);
            rig.primary.isAnswering = false;
            long least = Long.MAX_VALUE;
            // The first rounds also pay for classes, compilation and buffers that grow once.
            for (int i = 0; i < ROUNDS_MAX; i++)
            {
                rig.primary.wire().arrive(commands);
                final long before = threads.getCurrentThreadAllocatedBytes();
                rig.settle();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }

            assertEquals((long)ROUNDS_MAX * COMMANDS, count);
            assertEquals((long)ROUNDS_MAX * commands.length, rig.stream.endOffset());
            final double perCommand = (double)least / COMMANDS;
            assertTrue(perCommand < 0.1, "bytes per command: " + perCommand);
        }
    }
}
