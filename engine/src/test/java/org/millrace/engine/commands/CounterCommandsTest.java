package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CounterCommandsTest extends CommandsTest
{
    private static final String OVERFLOW = "-ERR increment or decrement would overflow\r\n";
    private static final String WRONG_FLOAT = "-ERR value is not a valid float\r\n";

    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldCount()
    {
        check("INCR n", ONE);
        check("INCRBY n 10", ":11\r\n");
        check("DECR n", ":10\r\n");
        check("DECRBY n 20", ":-10\r\n");
        check("GET n", bulk("-10"));
        assertEquals("INCR n\nINCRBY n 10\nDECR n\nDECRBY n 20", harness.streamed());
    }

    @Test
    void shouldKeepDeadline()
    {
        harness.line("SET n 1 PXAT 4000000000000");
        check("INCR n", ":2\r\n");
        check("INCRBYFLOAT n 0.5", bulk("2.5"));
        check("PEXPIRETIME n", ":4000000000000\r\n");
    }

    @Test
    void shouldRefuseOverflow()
    {
        harness.line("SET n 9223372036854775807");
        check("INCR n", OVERFLOW);
        check("INCRBY n -1", ":9223372036854775806\r\n");
        harness.line("SET n -9223372036854775808");
        check("DECR n", OVERFLOW);
        check("DECRBY n -9223372036854775808", "-ERR decrement would overflow\r\n");
    }

    @Test
    void shouldRefuseWhatIsNoInteger()
    {
        for (final String value : new String[]{"x", "1.5", "01", "", "9223372036854775808"})
        {
            harness.run("SET", "n", value);
            assertEquals(WRONG_INTEGER, harness.line("INCR n"), value);
        }

        check("INCRBY n x", WRONG_INTEGER);
    }

    @Test
    void shouldAddFloats()
    {
        check("INCRBYFLOAT f 10.50", bulk("10.5"));
        check("INCRBYFLOAT f 0.1", bulk("10.6"));
        check("INCRBYFLOAT f -5.6", bulk("5"));
        check("INCRBYFLOAT f 5.0e3", bulk("5005"));
        check("INCRBYFLOAT f x", WRONG_FLOAT);
        check("INCRBYFLOAT f inf", "-ERR increment would produce NaN or Infinity\r\n");
        assertEquals(
            "SET f 10.5 KEEPTTL\nSET f 10.6 KEEPTTL\nSET f 5 KEEPTTL\nSET f 5005 KEEPTTL",
            harness.streamed());
        harness.line("SET f abc");
        check("INCRBYFLOAT f 1", WRONG_FLOAT);
    }

    @Test
    void shouldNotify()
    {
        checkEvents("INCR n", "new n@0", "incrby n@0");
        checkEvents("DECRBY n 2", "incrby n@0");
        checkEvents("INCRBYFLOAT n 2", "incrbyfloat n@0");
    }
}
