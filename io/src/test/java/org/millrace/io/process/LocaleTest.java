package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.resp.TextClient;

/** The same digits and letters in every locale, in all that has numbers in it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LocaleTest
{
    @RegisterExtension
    final Servers servers = new Servers();

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "ar_EG.UTF-8", "fa_IR.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "hi_IN.UTF-8"})
    void shouldSayTheSameEverywhere(final String locale)
    {
        final Server server = servers.launch().locale(locale).usual()
            .arguments("--SLOWLOG-LOG-SLOWER-THAN", "0", "--MAXMEMORY-POLICY", "NOEVICTION").start();
        final TextClient client = server.client();
        try (TextClient monitor = server.connect())
        {
            assertEquals("OK", monitor.text("MONITOR"));
            client.ok("set", "title", "i");
            client.ok("INCRBYFLOAT", "f", "1.5");
            assertTrue(String.valueOf(monitor.read()).matches(
                "\\d+\\.\\d{6} \\[0 127\\.0\\.0\\.1:\\d+] \"set\" \"title\" \"i\""));
        }

        assertEquals("1.5", client.text("GET", "f"));
        assertEquals(List.of("LFU-DECAY-TIME", "1"), client.list("CONFIG", "GET", "LFU-DECAY-TIME"));
        assertEquals("OK", client.text("CONFIG", "SET", "CLIENT-QUERY-BUFFER-LIMIT", "1048576"));
        assertEquals(2L, client.number("STRLEN", "title") + client.number("EXISTS", "TITLE", "title"));
        for (final String section : List.of("everything", "commandstats", "latencystats"))
        {
            final String text = client.text("INFO", section);
            assertEquals(List.of(), text.lines().filter((line) -> !line.matches("\\p{ASCII}*")).toList());
        }

        final List<String> replies = List.of("SLOWLOG GET", "CLIENT LIST", "CLIENT INFO", "MEMORY STATS",
            "CONFIG GET *",
            "DEBUG SLEEP 0", "LASTSAVE", "TIME", "LATENCY DOCTOR", "MEMORY DOCTOR", "OBJECT ENCODING title",
            "DIGEST x");
        for (final String reply : replies)
        {
            assertTrue(String.valueOf(client.call(reply.split(" "))).matches("(?s)\\p{ASCII}*"), reply);
        }

        assertTrue(server.log().matches("(?s)\\p{ASCII}*"), server::log);
        assertEquals(0, server.shutdown("NOSAVE"));
    }
}
