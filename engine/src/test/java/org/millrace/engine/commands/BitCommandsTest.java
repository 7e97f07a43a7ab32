package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitCommandsTest extends CommandsTest
{
    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldSetAndGetBits()
    {
        check("SETBIT k 1 1", ZERO);
        check("GET k", bulk("@"));
        check("SETBIT k 1 1", ONE);
        check("SETBIT k 20 0", ZERO);
        check("STRLEN k", ":3\r\n");
        check("GETBIT k 1", ONE);
        check("GETBIT k 2", ZERO);
        check("GETBIT k 1000", ZERO);
        check("GETBIT missing 0", ZERO);
        assertEquals("SETBIT k 1 1\nSETBIT k 20 0", harness.streamed());
        checkEvents("SETBIT k 1 0", "setbit k@0");
    }

    @Test
    void shouldRefuseWrongBits()
    {
        check("SETBIT k 0 2", "-ERR bit is not an integer or out of range\r\n");
        check("SETBIT k 0 x", "-ERR bit is not an integer or out of range\r\n");
        check("SETBIT k -1 0", "-ERR bit offset is not an integer or out of range\r\n");
        check("SETBIT k 4294967296 0", "-ERR bit offset is not an integer or out of range\r\n");
        check("GETBIT k x", "-ERR bit offset is not an integer or out of range\r\n");
        check("SETBIT k 4294967295 1", ZERO);
        check("STRLEN k", ":536870912\r\n");
        check("BITCOUNT k", ONE);
        check("BITPOS k 1", ":4294967295\r\n");
    }

    @Test
    void shouldCountBits()
    {
        harness.line("SET k foobar");
        check("BITCOUNT k", ":26\r\n");
        check("BITCOUNT k 0 0", ":4\r\n");
        check("BITCOUNT k 1 1 BYTE", ":6\r\n");
        check("BITCOUNT k 5 30 BIT", ":17\r\n");
        check("BITCOUNT k -2 -1", ":7\r\n");
        check("BITCOUNT k -1 -2", ZERO);
        check("BITCOUNT missing", ZERO);
        check("BITCOUNT k 0", SYNTAX);
        check("BITCOUNT k 0 1 FOO", SYNTAX);
        check("BITCOUNT missing 0 1 FOO", ZERO);
        check("BITCOUNT missing 0", ZERO);
        check("BITCOUNT missing x y", ZERO);
    }

    @Test
    void shouldFindBits()
    {
        harness.run("SET", "k", "\u00ff\u00f0\u0000");
        check("BITPOS k 0", ":12\r\n");
        check("BITPOS k 1 2", ":-1\r\n");
        check("BITPOS k 0 0 0", ":-1\r\n");
        check("BITPOS k 1 7 15 BIT", ":7\r\n");
        harness.run("SET", "ones", "\u00ff");
        check("BITPOS ones 0", ":8\r\n");
        check("BITPOS ones 0 0", ":8\r\n");
        check("BITPOS ones 0 0 -1", ":-1\r\n");
        check("BITPOS missing 0", ZERO);
        check("BITPOS missing 1", ":-1\r\n");
        check("BITPOS missing 1 x", ":-1\r\n");
        check("BITPOS missing 0 0 1 FOO", ZERO);
        check("BITPOS missing 2", "-ERR The bit argument must be 1 or 0.\r\n");
        check("BITPOS k 2", "-ERR The bit argument must be 1 or 0.\r\n");
        check("BITPOS k 0 0 1 BIT x", SYNTAX);
    }

    @Test
    void shouldCombine()
    {
        harness.run("MSET", "a", "\u00ff\u000f\u0001", "b", "\u00f0\u00f0");
        harness.streamed();
        check("BITOP AND d a b", ":3\r\n");
        check("GET d", bulk("\u00f0\u0000\u0000"));
        check("BITOP OR d a b missing", ":3\r\n");
        check("GET d", bulk("\u00ff\u00ff\u0001"));
        check("BITOP xor d a b", ":3\r\n");
        check("GET d", bulk("\u000f\u00ff\u0001"));
        check("BITOP NOT d d", ":3\r\n");
        check("GET d", bulk("\u00f0\u0000\u00fe"));
        check("BITOP NOT d a b", "-ERR BITOP NOT must be called with a single source key.\r\n");
        check("BITOP FOO d a", SYNTAX);
        checkEvents("BITOP AND d missing", "keymiss missing@0", "del d@0");
        check("EXISTS d", ZERO);
        check("BITOP AND d missing", ZERO);
        assertEquals(
            "BITOP AND d a b\nBITOP OR d a b missing\nBITOP xor d a b\nBITOP NOT d d\nBITOP AND d missing",
            harness.streamed());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAgreeWithModelOnLargeValues(final long seed)
    {
        final Random random = new Random(seed);
        final BitSet model = new BitSet();
        for (int i = 0; i < 300; i++)
        {
            final int bit = random.nextInt(2_000_000);
            final boolean isSet = random.nextInt(3) > 0;
            check("SETBIT k " + bit + " " + (isSet ? 1 : 0), model.get(bit) ? ONE : ZERO);
            model.set(bit, isSet);
        }

        final int length = Integer.parseInt(harness.line("STRLEN k").substring(1).trim()) * 8;
        for (int i = 0; i < 200; i++)
        {
            final int start = random.nextInt(length);
            final int end = start + random.nextInt(length - start);
            final String context = " seed=" + seed + " start=" + start + " end=" + end;
            assertEquals(
                ":" + model.get(start, end + 1).cardinality() + "\r\n",
                harness.line("BITCOUNT k " + start + " " + end + " BIT"),
                "count" + context);
            final int one = model.nextSetBit(start);
            assertEquals(
                ":" + (one > end ? -1 : one) + "\r\n",
                harness.line("BITPOS k 1 " + start + " " + end + " BIT"),
                "one" + context);
            final int zero = model.nextClearBit(start);
            assertEquals(
                ":" + (zero > end ? -1 : zero) + "\r\n",
                harness.line("BITPOS k 0 " + start + " " + end + " BIT"),
                "zero" + context);
        }

        check("BITOP NOT d k", ":" + length / 8 + "\r\n");
        check("BITOP AND e d k", ":" + length / 8 + "\r\n");
        check("BITCOUNT e", ZERO);
        check("BITOP OR e d k", ":" + length / 8 + "\r\n");
        check("BITCOUNT e", ":" + length + "\r\n");
    }
}
