package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.kit.server.RealRedis;

@Timeout(120)
class DemoMainTest
{
    private final Captured out = new Captured();
    private final Captured err = new Captured();

    @Test
    void shouldTellTheWholeStoryWithAnyServer() throws IOException
    {
        final String server = RealRedis.spec().command().get(0);

        final int code = new DemoMain(out.stream(), err.stream())
            .run(new String[]{"--server-command", server, "--seconds", "1", "--rate", "2000", "--plain"});

        final String text = out.text();
        assertEquals(0, code, text + err.text());
        assertTrue(text.contains("two is back by partial resync"), text);
        assertTrue(text.contains("by partial resync; writes go on") || text.contains("took a full resync"), text);
        assertTrue(text.contains("one is back as a replica"), text);
        assertTrue(text.contains(" 0 different"), text);
        assertTrue(text.contains("OK: "), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--server-command no-such-server | no such program: no-such-server",
        "foo | the demo takes no argument such as foo",
        "--foo | unknown option --foo",
        "--rate 0 | option --rate must be from 2",
        "--seconds x | option --seconds needs a whole number, not x"})
    void shouldRefuseInOneLineWhatItDoesNotKnow(final String arguments, final String text)
    {
        assertEquals(2, new DemoMain(out.stream(), err.stream()).run(arguments.split(" ")));

        assertEquals(1, err.text().lines().count(), err.text());
        assertTrue(err.text().startsWith("millrace demo: " + text), err.text());
        assertEquals("", out.text());
    }
}
