package org.millrace.kit.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFinderTest
{
    @Test
    void shouldFindProgramsByNameOrPath()
    {
        final Optional<Path> shell = PeerFinder.program("sh");

        assertTrue(shell.isPresent());
        assertEquals(shell, PeerFinder.program(shell.get().toString()));
        assertEquals(Optional.empty(), PeerFinder.program("no-such-program-anywhere"));
        assertEquals(Optional.empty(), PeerFinder.program("/no/such/program"));
    }

    @Test
    void shouldTakeTheLauncherThatThePropertyNames(@TempDir final Path directory) throws Exception
    {
        final Path launcher = Files.createFile(directory.resolve("millrace"));
        assertTrue(launcher.toFile().setExecutable(true));
        final String before = System.getProperty(PeerFinder.LAUNCHER_PROPERTY);
        System.setProperty(PeerFinder.LAUNCHER_PROPERTY, launcher.toString());
        try
        {
            assertEquals(
                List.of(launcher.toString(), "server"),
                PeerFinder.millrace().map(ServerSpec::command).orElse(List.of()));
            assertEquals(Optional.of(directory), PeerFinder.home());
        }
        finally
        {
            if (null == before)
            {
                System.clearProperty(PeerFinder.LAUNCHER_PROPERTY);
            }
            else
            {
                System.setProperty(PeerFinder.LAUNCHER_PROPERTY, before);
            }
        }
    }
}
