package org.millrace.io.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;

class OpenFilesTest
{
    private final Config config = Config.inMemory();
    private final Warnings log = new Warnings();

    @Test
    void shouldLeaveWhatTheLimitHasRoomFor()
    {
        assertTrue(new OpenFiles(10_060, 28).adjust(config, log));
        assertEquals("10000", config.print(ConfigOption.MAXCLIENTS));
        assertEquals(List.of(), log.lines);
    }

    @Test
    void shouldLowerMaxclientsToTheLimitAndSaySo()
    {
        assertTrue(new OpenFiles(100, 28).adjust(config, log));
        assertEquals("40", config.print(ConfigOption.MAXCLIENTS));
        assertEquals(
            List.of(
                "You requested maxclients of 10000 requiring at least 10060 max file descriptors.",
                "Server can't set maximum open files to 10060 because of OS error: Operation not permitted.",
                "Current maximum open files is 100. maxclients has been reduced to 40 to compensate for low ulimit. " +
                    "If you need higher maxclients increase 'ulimit -n'."),
            log.lines);
    }

    @Test
    void shouldNotStartWithoutRoomForOneClient()
    {
        assertFalse(new OpenFiles(60, 28).adjust(config, log));
        assertEquals(
            List.of("Your current 'ulimit -n' of 60 is not enough for the server to start. Please increase your open " +
                "file limit to at least 10060. Exiting."),
            log.lines);
    }

    /** Asked before the node opens what it needs: it lowers nothing yet. */
    @Test
    void shouldLookAtTheLimitWithoutLoweringAnything()
    {
        assertTrue(new OpenFiles(61, 28).hasRoom(config, log));
        assertEquals(List.of(), log.lines);
        assertFalse(new OpenFiles(20, 12).hasRoom(config, log));
        assertEquals(
            List.of("Your current 'ulimit -n' of 20 is not enough for the server to start. Please increase your open " +
                "file limit to at least 10044. Exiting."),
            log.lines);
        assertEquals("10000", config.print(ConfigOption.MAXCLIENTS));
    }

    @Test
    void shouldRefuseMoreThanTheLimitLater()
    {
        final OpenFiles openFiles = new OpenFiles(100, 28);
        config.listen(ConfigOption.MAXCLIENTS, (c, option) -> openFiles.refusal(c));
        assertNull(config.set(List.of("maxclients", "40"), false, true));
        assertEquals(
            "ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system is not able to " +
                "handle the specified number of clients, try with 40",
            config.set(List.of("maxclients", "41"), false, true));
        assertEquals("40", config.print(ConfigOption.MAXCLIENTS));
    }

    @Test
    void shouldReadTheLimitOfThisProcess()
    {
        assertTrue(OpenFiles.ofProcess().clientsMax() > 0);
    }
}
