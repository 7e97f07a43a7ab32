package org.millrace.io.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.config.Config;

class ServerLogTest
{
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ServerLog log = new ServerLog(4711, () -> 1_700_000_000_007L, ZoneOffset.UTC, output);

    @Test
    void shouldWriteLinesInRedisShape()
    {
        log.warning("one");
        log.role(ServerLog.REPLICA);
        log.notice("two");
        assertEquals(
            "4711:C 14 Nov 2023 22:13:20.007 # one\n4711:S 14 Nov 2023 22:13:20.007 * two\n", text());
    }

    @Test
    void shouldDropWhatIsBelowTheLevel()
    {
        log.verbose("no");
        log.level(ServerLog.DEBUG);
        log.debug("yes");
        log.verbose("yes");
        log.level(ServerLog.WARNING);
        log.notice("no");
        log.raw("no");
        assertFalse(log.isEnabled(ServerLog.NOTICE));
        assertEquals(2, text().split("\n").length);
        assertTrue(text().contains(" . yes\n") && text().contains(" - yes\n"), text());
    }

    @Test
    void shouldKeepPeersWordsOnOneLine()
    {
        log.notice("a\r\n1:M # b");
        assertEquals(1, text().split("\n").length);
    }

    @Test
    void shouldFollowTheNameOfTheFile(@TempDir final Path directory) throws IOException
    {
        final Path file = directory.resolve("log.txt");
        log.file(file);
        log.notice("first");
        Files.move(file, directory.resolve("log.1"));
        log.notice("second");
        log.file(directory.resolve("nosuch/log.txt"));
        log.notice("lost");
        log.file(null);
        log.notice("third");
        assertTrue(Files.readString(directory.resolve("log.1")).endsWith(" * first\n"));
        assertTrue(Files.readString(file).endsWith(" * second\n"));
        assertTrue(text().endsWith(" * third\n"));
    }

    @Test
    void shouldSayWhatToolsWaitFor()
    {
        final Config config = Config.inMemory();
        assertNull(config.set(List.of("oom-score-adj", "yes"), false, false));
        final StartText start = new StartText(log, 4711);
        start.starting(true);
        start.initialized(config);
        start.ready();
        final String text = text();
        assertTrue(text.contains("# Configuration loaded\n"), text);
        assertTrue(text.contains("# WARNING: 'oom-score-adj' is accepted, but has no effect in Millrace yet.\n"), text);
        assertTrue(text.endsWith("* Ready to accept connections\n"), text);
        assertTrue(StartText.version().contains(" v=7.2.5 "));
    }

    @Test
    void shouldShowLogoWithProcessIdWhenAsked() throws Exception
    {
        final Config config = Config.inMemory();
        config.load(org.millrace.engine.config.ConfigOption.ALWAYS_SHOW_LOGO, List.of("yes"));
        new StartText(log, 4711).initialized(config);
        assertTrue(Pattern.compile(" PID: 4711.*Server initialized", Pattern.DOTALL).matcher(text()).find(), text());
        assertTrue(text().contains(" Port: 6379\n"), text());
    }

    private String text()
    {
        return output.toString(StandardCharsets.ISO_8859_1);
    }
}
