package org.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmhMainTest
{
    @ParameterizedTest
    @ValueSource(strings = {"--bogus", "-f many", "NoSuchBenchmark", "-prof"})
    void shouldSayInOneLineWhatIsWrong(final String arguments)
    {
        final String wrong = JmhMain.wrong(arguments.split(" "));

        assertEquals(1, wrong.lines().count(), wrong);
        assertTrue(wrong.length() > 10, wrong);
    }

    @Test
    void shouldLetPassWhatJmhKnows()
    {
        assertNull(JmhMain.wrong(new String[]{"-h"}));
        assertNull(JmhMain.wrong(new String[]{"-lp"}));
        assertNull(JmhMain.wrong(new String[]{"Crc64Benchmark", "-f", "1", "-prof", "gc"}));
        assertNull(JmhMain.wrong(new String[0]));
    }
}
