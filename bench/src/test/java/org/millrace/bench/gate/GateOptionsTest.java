package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the gate. */
class GateOptionsTest
{
    @Test
    void shouldHaveDefaults()
    {
        final GateOptions options = GateOptions.parse("--gate");

        assertEquals(GateSizes.full(), options.sizes());
        assertEquals(Path.of("x", "perf-reports", "baseline"), options.baseline(Path.of("x")));
        assertEquals(10, options.detectPercent());
        assertEquals(0, options.plantPercent());
        assertEquals("redis-server", options.peer());
    }

    @Test
    void shouldReadWhatIsAsked()
    {
        final GateOptions options = GateOptions
            .parse("--gate", "--quick", "--control=../base", "--cases", "sync,set", "--rounds", "2", "--plant", "7.5");

        assertEquals(Path.of("../base"), options.control());
        assertEquals(7.5, options.plantPercent());
        assertEquals(2, options.sizes().rounds());
        // In the order in which they must run.
        assertEquals(List.of("set", "sync"), options.sizes().speedCases().stream().map(SpeedCase::name).toList());
    }

    @Test
    void shouldPlantTenPercentForAProof()
    {
        assertEquals(10, GateOptions.parse("--gate", "--prove").plantPercent());
        assertEquals(20, GateOptions.parse("--gate", "--prove", "--plant", "20").plantPercent());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--gate latency", "--gate --no-such", "--gate --control", "--gate --cases set,none", "--gate --rounds 0",
        "--gate --detect ten", "--gate --plant -1", "--gate --control a --against b"})
    void shouldRefuseWhatItDoesNotKnow(final String arguments)
    {
        assertThrows(IllegalArgumentException.class, () -> GateOptions.parse(arguments.split(" ")));
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertEquals(2, GateMain.run(arguments.split(" "), stream, stream));
        final String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.endsWith("(millrace bench --gate --help)\n"), text);
    }

    @Test
    void shouldNameEveryOptionInItsHelp()
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

        assertEquals(0, GateMain.run(new String[]{"--gate", "--help"}, stream, stream));
        for (final String name : List.of("control", "counters", "quick", "renew-baseline", "plant", "prove",
            "exit code"))
        {
            assertTrue(bytes.toString(StandardCharsets.UTF_8).contains(name), name);
        }
    }
}
