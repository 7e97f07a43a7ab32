package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.PlantedLayout;
import org.millrace.engine.value.StringLayout;

/** A key of another type than string, planted by its type byte: no command takes it for a string or harms it. */
class OtherTypeTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private static final byte[] KEY = "k".getBytes(StandardCharsets.US_ASCII);

    private final PlantedLayout layout = new PlantedLayout();

    @BeforeEach
    void plant()
    {
        harness.line("SET k 12345");
        harness.line("SET s value");
        type(PlantedLayout.TYPE);
    }

    @AfterEach
    void unplant()
    {
        if (Entry.NO_ENTRY != entry())
        {
            type(StringLayout.TYPE);
        }

        layout.close();
    }

    private void type(final int type)
    {
        Memory.putByte(Entry.typeAddress(entry()), (byte)type);
    }

    private long entry()
    {
        final Keyspace keyspace = harness.data.keyspace(0);
        final long address = Memory.reserve(KEY.length);
        Memory.copy(KEY, 0, address, KEY.length);
        final long entry = keyspace.find(address, KEY.length);
        Memory.release(address);
        return entry;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET k", "GETSET k v", "SET k v GET", "SET k v NX GET", "GETDEL k", "GETEX k", "GETEX k PERSIST", "APPEND k v",
        "STRLEN k", "SETRANGE k 1 v", "SETRANGE k 0 \"\"", "GETRANGE k 0 1", "SUBSTR k 0 1", "INCR k", "DECR k",
        "INCRBY k 2", "DECRBY k 2", "INCRBYFLOAT k 1.5", "SETBIT k 1 1", "GETBIT k 1", "BITCOUNT k", "BITCOUNT k 0 1",
        "BITPOS k 1", "BITPOS k 0 0 1 BIT", "BITOP AND d s k", "BITOP NOT d k", "BITFIELD k GET u8 0",
        "BITFIELD k SET u8 0 1", "BITFIELD_RO k GET u8 0", "PFADD k e", "PFCOUNT k", "PFCOUNT k s", "PFMERGE d k",
        "PFMERGE k", "PFDEBUG GETREG k", "PFDEBUG ENCODING k"
    })
    void shouldAnswerWrongType(final String line)
    {
        harness.streamed();
        check(line, WRONG_TYPE);
        assertEquals("", harness.streamed(), line);
        type(StringLayout.TYPE);
        check("GET k", bulk("12345"));
        check("EXISTS d", ZERO);
    }

    @Test
    void shouldAnswerOtherwiseWhereRedisDoes()
    {
        check("LCS k s", "-ERR The specified keys must contain string values\r\n");
        check("MGET k s", array(NULL, bulk("value")));
        check("SETNX k v", ZERO);
        check("MSETNX k v n v", ZERO);
        check("SET k v NX", NULL);
        check("EXISTS k", ONE);
        check("TTL k", ":-1\r\n");
        check("TYPE s", "+string\r\n");
    }

    /** The same length as before: where a string would be overwritten in place. */
    @ParameterizedTest
    @ValueSource(strings = {"SET k 54321", "SET k 54321 XX", "MSET k 54321", "SETEX k 100 54321", "BITOP OR k s",
        "DEL k"})
    void shouldReplaceWhateverIsThere(final String line)
    {
        harness.line(line);
        final long entry = entry();
        assertEquals(true, Entry.NO_ENTRY == entry || StringLayout.TYPE == Entry.type(entry), line);
        if (Entry.NO_ENTRY != entry)
        {
            check("GET k", bulk("BITOP OR k s".equals(line) ? "value" : "54321"));
        }
    }

    /** Commands of keys take a value as it is, whatever it is. */
    @ParameterizedTest
    @ValueSource(strings = {"EXPIRE k 100", "RENAME k n;RENAME n k", "MOVE k 1;SELECT 1;MOVE k 0;SELECT 0",
        "COPY k n;DEL k;RENAME n k", "EXPIRE k 100;PERSIST k", "SWAPDB 0 1;SWAPDB 0 1"})
    void shouldKeepTypeAndBytes(final String lines)
    {
        for (final String line : lines.split(";"))
        {
            harness.session.db = line.startsWith("SELECT") ? line.charAt(7) - '0' : harness.session.db;
            final String reply = line.startsWith("SELECT") ? ONE : harness.line(line);
            assertTrue(reply.equals(ONE) || reply.equals(OK), line + " " + reply);
        }

        assertEquals(PlantedLayout.TYPE, Entry.type(entry()), lines);
        type(StringLayout.TYPE);
        check("GET k", bulk("12345"));
    }
}
