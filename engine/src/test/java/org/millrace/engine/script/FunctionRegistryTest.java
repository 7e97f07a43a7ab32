package org.millrace.engine.script;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;

/** Libraries take a bounded part of the heap, unless those have sent them whom this node believes. */
class FunctionRegistryTest
{
    private static final long HEAP = 256 << 10;

    private final BusyHost host = new BusyHost()
    {
        @Override
        public void serve()
        {
        }

        @Override
        public boolean isEnding()
        {
            return false;
        }

        @Override
        public boolean isAskedToEnd()
        {
            return false;
        }
    };
    private final ToyMachine machine = new ToyMachine();
    private final FunctionRegistry registry = new FunctionRegistry(
        new LibraryLoader(machine, new SimClock(0), null, host), new ScriptCache(machine, HEAP), HEAP);

    private static byte[] library(final int number)
    {
        return ("#!lua name=l" + number + "\n%function f" + number + "\nGET a").getBytes(ISO_8859_1);
    }

    @Test
    void shouldRefuseClientsLibrariesBeyondTheirPart() throws ScriptException
    {
        final ScriptException full = assertThrows(ScriptException.class, () ->
        {
            for (int i = 0; i < 100_000; i++)
            {
                registry.add(library(i), false, true);
            }
        });
        assertTrue(full.getMessage().startsWith("OOM "), full.getMessage());
        final int count = registry.libraries().size();
        assertTrue(count > 50 && count < 200, count + " libraries");
        assertEquals(full.getMessage(), registry.add(List.of(library(count)), false, true));
        assertEquals(count, registry.libraries().size(), "nothing has changed");

        registry.add(library(0), true, true);
        registry.add(library(count), false, false);
        assertNull(registry.add(List.of(library(count + 1)), false), "a snapshot's");
        registry.clear();
        final List<byte[]> many = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++)
        {
            many.add(library(i));
        }

        assertEquals(full.getMessage(), registry.replace(many, true));
        assertNull(registry.replace(many));
        assertEquals(2 * count, registry.functionCount());
    }
}
