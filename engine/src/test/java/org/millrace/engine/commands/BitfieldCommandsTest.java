package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitfieldCommandsTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.\r\n";

    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldSetGetAndIncrement()
    {
        check("BITFIELD k SET i8 0 -100 SET i8 #1 101 GET i8 0 GET u8 #1", array(ZERO, ZERO, ":-100\r\n", ":101\r\n"));
        check("BITFIELD k INCRBY u8 8 10", array(":111\r\n"));
        check("BITFIELD k GET u4 0 GET u63 100", array(":9\r\n", ZERO));
        check("BITFIELD_RO k GET i8 0", array(":-100\r\n"));
        check("BITFIELD k", "*0\r\n");
        assertEquals(
            "BITFIELD k SET i8 0 -100 SET i8 #1 101 GET i8 0 GET u8 #1\nBITFIELD k INCRBY u8 8 10",
            harness.streamed());
    }

    @Test
    void shouldOverflowAsAsked()
    {
        check("BITFIELD k SET u8 0 250", array(ZERO));
        check("BITFIELD k INCRBY u8 0 10", array(":4\r\n"));
        check("BITFIELD k OVERFLOW SAT INCRBY u8 0 300 INCRBY u8 0 -300", array(":255\r\n", ZERO));
        check("BITFIELD k SET i8 0 127", array(ZERO));
        check("BITFIELD k OVERFLOW FAIL INCRBY i8 0 1 GET i8 0", array(NULL, ":127\r\n"));
        check("BITFIELD k OVERFLOW WRAP INCRBY i8 0 1", array(":-128\r\n"));
        check("BITFIELD k OVERFLOW SAT INCRBY i8 0 -1", array(":-128\r\n"));
    }

    @Test
    void shouldStoreNothingWhenEverythingFailed()
    {
        check("BITFIELD k OVERFLOW FAIL SET u8 100 256", array(NULL));
        check("EXISTS k", ZERO);
        check("BITFIELD k SET u8 100 0", array(ZERO));
        check("STRLEN k", ":14\r\n");
        check("BITFIELD k SET u8 100 0", array(ZERO));
        assertEquals("BITFIELD k SET u8 100 0", harness.streamed());
    }

    @Test
    void shouldRefuse()
    {
        check("BITFIELD k GET u64 0", WRONG_TYPE);
        check("BITFIELD k GET i65 0", WRONG_TYPE);
        check("BITFIELD k GET x8 0", WRONG_TYPE);
        check("BITFIELD k GET u8", SYNTAX);
        check("BITFIELD k FOO", SYNTAX);
        check("BITFIELD k OVERFLOW FOO", "-ERR Invalid OVERFLOW type specified\r\n");
        check("BITFIELD k SET u8 -1 0", "-ERR bit offset is not an integer or out of range\r\n");
        check("BITFIELD k SET u8 #999999999999 0", "-ERR bit offset is not an integer or out of range\r\n");
        check("BITFIELD k SET u8 0 x", WRONG_INTEGER);
        check("BITFIELD_RO k SET u8 0 1", "-ERR BITFIELD_RO only supports the GET subcommand\r\n");
        check("EXISTS k", ZERO);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void shouldAgreeWithExactArithmetic(final long seed)
    {
        final Random random = new Random(seed);
        for (int i = 0; i < 3000; i++)
        {
            final boolean isSigned = random.nextBoolean();
            final int width = 1 + random.nextInt(isSigned ? 64 : 63);
            final BigInteger low = isSigned ? BigInteger.ONE.shiftLeft(width - 1).negate() : BigInteger.ZERO;
            final BigInteger high = low.add(BigInteger.ONE.shiftLeft(width)).subtract(BigInteger.ONE);
            final BigInteger old = new BigInteger(width, random).add(low);
            final BigInteger increment = BigInteger.valueOf(random.nextLong() >> random.nextInt(64));
            final BigInteger sum = old.add(increment);
            final boolean fits = sum.compareTo(low) >= 0 && sum.compareTo(high) <= 0;
            final BigInteger wrapped = sum.subtract(low).mod(BigInteger.ONE.shiftLeft(width)).add(low);
            final BigInteger saturated = fits ? sum : increment.signum() > 0 ? high : low;
            final String field = (isSigned ? "i" : "u") + width + " " + random.nextInt(200);
            harness.line("BITFIELD k SET " + field + " " + old);
            final String message = "seed=" + seed + " field=" + field + " old=" + old + " increment=" + increment;
            assertEquals(
                array(fits ? ":" + sum + "\r\n" : NULL),
                restored(field, old, "BITFIELD k OVERFLOW FAIL INCRBY " + field + " " + increment),
                message);
            assertEquals(
                array(":" + saturated + "\r\n"),
                restored(field, old, "BITFIELD k OVERFLOW SAT INCRBY " + field + " " + increment),
                message);
            assertEquals(
                array(":" + wrapped + "\r\n"),
                restored(field, old, "BITFIELD k INCRBY " + field + " " + increment),
                message);
        }
    }

    private String restored(final String field, final BigInteger old, final String line)
    {
        final String reply = harness.line(line);
        harness.line("BITFIELD k SET " + field + " " + old);
        harness.streamed();
        return reply;
    }
}
