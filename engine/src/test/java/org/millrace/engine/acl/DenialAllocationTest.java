package org.millrace.engine.acl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** A check of a user with limits leaves no garbage, whether it allows or denies. */
class DenialAllocationTest
{
    private static final int CHECKS = 20_000;

    /** What the JVM itself may take meanwhile: an object a check would be six times as much. */
    private static final long BYTES_MAX = 100_000;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(64);
    private final ArgVector args = new ArgVector();

    private void args(final String... words)
    {
        memory.clear();
        args.clear();
        for (final String word : words)
        {
            args.add(Memory.address(memory) + memory.position(), word.length());
            memory.put(word.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void shouldCheckWithoutGarbage()
    {
        try (CommandTable table = new CommandTable())
        {
            final CommandSpec mget = table.add(
                "mget", -2, CommandFlags.READONLY, Category.STRING, CommandKeys.all(KeyFlags.READ), null);
            final Users users = new Users(table, () -> false);
            users.begin();
            assertNull(users.set("u", List.of("on", "+mget|a", "%R~app:*", "~t[ae]st", "&c", "(+mget ~x)")));
            final User user = users.find("u");
            args("MGET", "app:1", "test");
            assertEquals(Denial.KEY, Denial.kind(user.denial(mget, args)));
            assertNull(users.set("u", List.of("+mget")));
            assertEquals(Denial.NONE, user.denial(mget, args));

            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            final long thread = Thread.currentThread().getId();
            final long before = threads.getThreadAllocatedBytes(thread);
            int denied = 0;
            for (int i = 0; i < CHECKS; i++)
            {
                denied += user.denial(mget, args);
            }

            args("MGET", "app:1", "toast");
            for (int i = 0; i < CHECKS; i++)
            {
                denied += Denial.kind(user.denial(mget, args));
            }

            final long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertEquals(CHECKS * Denial.KEY, denied);
            assertTrue(allocated < BYTES_MAX, allocated + " bytes in " + 2 * CHECKS + " checks");
        }
    }
}
