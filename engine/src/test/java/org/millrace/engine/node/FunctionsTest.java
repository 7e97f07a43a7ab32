package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.script.ToyMachine;
import org.millrace.engine.snapshot.FunctionPayload;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** FUNCTION and FCALL by libraries for {@link ToyMachine}. */
class FunctionsTest
{
    private static final String SET = "\"#!lua name=lib\\n%function put\\nSET $1 @1\\n%function look no-writes\\nGET $1\"";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNetwork network = new SimNetwork(1);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node = new SimNode(network, clock, 7001, disk, 1);
    private SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    private String ask(final String line)
    {
        return client.ask(line);
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String quoted(final String bulk)
    {
        final StringBuilder text = new StringBuilder("\"");
        final String bytes = bulk.substring(bulk.indexOf("\r\n") + 2, bulk.length() - 2);
        for (final byte each : bytes.getBytes(StandardCharsets.ISO_8859_1))
        {
            text.append(String.format(Locale.ROOT, "\\x%02x", each & 0xFF));
        }

        return text.append('"').toString();
    }

    private String list()
    {
        return ask("FUNCTION LIST").replaceAll("(\\*|\\$|%|~)\\d+\r\n", "").replace("\r\n", " ").trim();
    }

    @Test
    void shouldLoadAndCall()
    {
        assertEquals(bulk("lib"), ask("FUNCTION LOAD " + SET));
        assertEquals("+OK\r\n", ask("FCALL put 1 a 5"));
        assertEquals(bulk("5"), ask("FCALL_RO LOOK 1 a"), "in any case");
        assertEquals("-ERR Function not found\r\n", ask("FCALL no 0"));
        assertEquals("-ERR Bad number of keys provided\r\n", ask("FCALL put x"));
        assertEquals("-ERR Can not execute a script with write flag using *_ro command.\r\n",
            ask("FCALL_RO put 1 a 1"));
        assertEquals("-ERR Library 'lib' already exists\r\n", ask("FUNCTION LOAD " + SET));
        assertEquals(bulk("lib"), ask("FUNCTION LOAD REPLACE " + SET));
        assertEquals("library_name lib engine LUA functions name put description $-1 flags name look description $-1 " +
            "flags +no-writes", list());
        assertEquals("*0\r\n", ask("FUNCTION LIST LIBRARYNAME x*"));
        assertTrue(ask("FUNCTION LIST WITHCODE LIBRARYNAME L*").contains("%function put\nSET"));
        assertEquals("-ERR library name argument was not given\r\n", ask("FUNCTION LIST LIBRARYNAME"));
        assertEquals("-ERR Unknown argument x\r\n", ask("FUNCTION LIST x"));
        assertTrue(ask("INFO memory").contains("number_of_functions:2\r\nnumber_of_libraries:1\r\n"));
        assertEquals("+OK\r\n", ask("FUNCTION DELETE lib"));
        assertEquals("-ERR Library not found\r\n", ask("FUNCTION DELETE lib"));
        assertEquals("-ERR Function not found\r\n", ask("FCALL put 1 a 1"));
    }

    @Test
    void shouldTellWhatIsWrongWithALibrary()
    {
        assertEquals("-ERR Missing library metadata\r\n", ask("FUNCTION LOAD x"));
        assertEquals("-ERR Invalid library metadata\r\n", ask("FUNCTION LOAD \"#!lua name=a\""));
        assertEquals("-ERR Invalid metadata value given: x=1\r\n", ask("FUNCTION LOAD \"#!lua x=1\\n\""));
        assertEquals("-ERR Library name was not given\r\n", ask("FUNCTION LOAD \"#!lua\\n\""));
        assertEquals("-ERR Engine 'perl' not found\r\n", ask("FUNCTION LOAD \"#!perl name=a\\n\""));
        assertEquals("-ERR Invalid metadata value, name argument was given multiple times\r\n",
            ask("FUNCTION LOAD \"#!lua name=a name=b\\n\""));
        assertTrue(ask("FUNCTION LOAD \"#!lua name=a-b\\n\"").startsWith("-ERR Library names can only contain"));
        assertEquals("-ERR No functions registered\r\n", ask("FUNCTION LOAD \"#!lua name=a\\n\""));
        assertEquals("-ERR Error compiling function: user_function:2: syntax error\r\n",
            ask("FUNCTION LOAD \"#!lua name=a\\nsyntax error\""));
        assertEquals("-ERR Error registering functions: Function already exists in the library\r\n",
            ask("FUNCTION LOAD \"#!lua name=a\\n%function f\\n%function f\""));
        assertEquals("-ERR Unknown option given: NEW\r\n", ask("FUNCTION LOAD NEW " + SET));
        ask("FUNCTION LOAD " + SET);
        assertEquals("-ERR Function PUT already exists\r\n",
            ask("FUNCTION LOAD \"#!lua name=other\\n%function PUT\\nGET a\""));
        assertEquals(bulk("lib"), ask("FUNCTION LOAD REPLACE \"#!lua name=lib\\n%function PUT\\nGET a\""));
        node.machine.onTick = () -> clock.advanceMs(100);
        assertEquals("-ERR Error registering functions: ERR FUNCTION LOAD timeout\r\n",
            ask("FUNCTION LOAD \"#!lua name=slow\\n%hang\""));
    }

    @Test
    void shouldKeepLibrariesThroughFlushes()
    {
        ask("FUNCTION LOAD " + SET);
        ask("FLUSHALL");
        ask("FLUSHDB");
        assertTrue(list().startsWith("library_name lib"));
        assertEquals("-ERR FUNCTION FLUSH only supports SYNC|ASYNC option\r\n", ask("FUNCTION FLUSH NOW"));
        assertEquals("+OK\r\n", ask("FUNCTION FLUSH"));
        assertEquals("*0\r\n", ask("FUNCTION LIST"));
    }

    @Test
    void shouldDumpAndRestore()
    {
        ask("FUNCTION LOAD " + SET);
        final String payload = quoted(ask("FUNCTION DUMP"));
        assertEquals("-ERR Library lib already exists\r\n", ask("FUNCTION RESTORE " + payload));
        assertEquals("-ERR Library lib already exists\r\n", ask("FUNCTION RESTORE " + payload + " APPEND"));
        assertEquals("+OK\r\n", ask("FUNCTION RESTORE " + payload + " REPLACE"));
        ask("FUNCTION FLUSH");
        ask("FUNCTION LOAD \"#!lua name=two\\n%function other\\nGET a\"");
        assertEquals("+OK\r\n", ask("FUNCTION RESTORE " + payload));
        assertEquals("+OK\r\n", ask("FCALL put 1 a 5"));
        assertEquals(bulk("5"), ask("FCALL other 0"));
        assertEquals("+OK\r\n", ask("FUNCTION RESTORE " + payload + " FLUSH"));
        assertEquals("-ERR Function not found\r\n", ask("FCALL other 0"));
        ask("FUNCTION FLUSH");
        ask("FUNCTION LOAD \"#!lua name=two\\n%function PUT\\nGET a\"");
        assertEquals("-ERR Function put already exists\r\n", ask("FUNCTION RESTORE " + payload));
        assertEquals("-ERR DUMP payload version or checksum are wrong\r\n", ask("FUNCTION RESTORE x"));
        assertTrue(ask("FUNCTION RESTORE " + payload + " OVER").startsWith("-ERR Wrong restore policy given"));
        assertEquals("-ERR unknown subcommand or wrong number of arguments for 'RESTORE'. Try FUNCTION HELP.\r\n",
            ask("FUNCTION RESTORE a b c"));
    }

    @Test
    void shouldStandInFiles()
    {
        ask("FUNCTION LOAD " + SET);
        ask("SET a 1");
        assertEquals("+OK\r\n", ask("SAVE"));
        node.kill();
        node = new SimNode(network, clock, 7001, disk, 1);
        SimPeer.rest(node);
        client = new SimPeer(node);
        assertEquals(bulk("1"), ask("FCALL look 1 a"));
        ask("FUNCTION LOAD \"#!lua name=two\\n%function other\\nGET a\"");
        assertEquals("+OK\r\n", ask("DEBUG RELOAD"));
        assertEquals(bulk("1"), ask("FCALL other 0"));
    }

    private String payloadOf(final String library)
    {
        return quoted(bulk(new String(payloadBytes(library), StandardCharsets.ISO_8859_1)));
    }

    private static byte[] payloadBytes(final String library)
    {
        final List<byte[]> sources = List.of(library.getBytes(StandardCharsets.ISO_8859_1));
        final int length = Math.toIntExact(FunctionPayload.length(sources));
        final long block = Memory.reserve(length);
        final byte[] bytes = new byte[length];
        FunctionPayload.write(sources, block);
        Memory.copy(block, bytes, 0, length);
        Memory.release(block);
        return bytes;
    }

    /** Neither by a payload, which needs no LOAD that would have ended it, nor by anybody's whom this node believes. */
    @Test
    void shouldEndLibrariesThatNeverLoad()
    {
        final String endless = payloadOf("#!lua name=slow\n%function f\nGET a\n%hang");
        node.machine.onTick = () -> clock.advanceMs(100);
        final long startMs = clock.wallMs();
        final String timeout = "-ERR Error registering functions: ERR FUNCTION LOAD timeout\r\n";
        assertEquals(timeout, ask("FUNCTION RESTORE " + endless));
        assertEquals(timeout, ask("FUNCTION RESTORE " + endless + " FLUSH"));
        assertTrue(clock.wallMs() - startMs < 2_000);
        assertEquals("ERR Error registering functions: ERR FUNCTION LOAD timeout", node.node.parts().data().functions()
            .replace(List.of("#!lua name=slow\n%function f\nGET a\n%hang".getBytes(StandardCharsets.ISO_8859_1))));
        assertTrue(clock.wallMs() - startMs < 60_000);
        final int[] ticks = new int[1];
        node.machine.onTick = () ->
        {
            if (++ticks[0] == 10)
            {
                node.node.askToShutDown();
            }
        };
        assertEquals("-ERR Error registering functions: ERR The node ends while a library is loaded.\r\n",
            ask("FUNCTION RESTORE " + endless));
        assertEquals(10, ticks[0]);
        assertEquals("*0\r\n", ask("FUNCTION LIST"));
    }

    @Test
    void shouldTellWhatRuns()
    {
        ask("FUNCTION LOAD " + SET);
        assertEquals("running_script $-1 engines LUA libraries_count :1 functions_count :2",
            ask("FUNCTION STATS").replaceAll("(\\*|\\$|%|~)\\d+\r\n", "").replace("\r\n", " ").trim());
        assertEquals("-NOTBUSY No scripts in execution right now.\r\n", ask("FUNCTION KILL"));
        assertFalse(ask("FUNCTION HELP").isEmpty());
    }
}
