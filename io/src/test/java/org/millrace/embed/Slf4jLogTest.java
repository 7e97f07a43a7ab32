package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

@Timeout(30)
class Slf4jLogTest
{
    @TempDir
    private Path directory;

    /** Keeps what it is told. */
    private static final class Kept extends LegacyAbstractLogger
    {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName()
        {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
            final Level level,
            final Marker marker,
            final String message,
            final Object[] arguments,
            final Throwable throwable)
        {
            lines.add(level + " " + message);
        }

        @Override
        public boolean isTraceEnabled()
        {
            return true;
        }

        @Override
        public boolean isDebugEnabled()
        {
            return true;
        }

        @Override
        public boolean isInfoEnabled()
        {
            return true;
        }

        @Override
        public boolean isWarnEnabled()
        {
            return true;
        }

        @Override
        public boolean isErrorEnabled()
        {
            return true;
        }
    }

    @Test
    void shouldPassEachLevelOn()
    {
        final Kept kept = new Kept();
        final MillraceLog log = new Slf4jLog(kept);
        for (final MillraceLog.Level level : MillraceLog.Level.values())
        {
            log.log(level, "a {} line");
        }

        assertEquals(
            List.of("TRACE a {} line", "DEBUG a {} line", "INFO a {} line", "WARN a {} line"), kept.lines);
    }

    @Test
    void shouldReceiveTheLogOfANode() throws Exception
    {
        final Kept kept = new Kept();
        try (MillraceNode node = MillraceNode.builder().directory(directory).log(new Slf4jLog(kept)).open())
        {
            node.save();
        }

        assertTrue(kept.lines.contains("INFO DB saved on disk"), kept.lines.toString());
        assertFalse(kept.lines.stream().anyMatch((line) -> line.startsWith("WARN")), kept.lines.toString());
    }

    /** A second provider, or one that is nobody's choice, keeps frameworks from starting. */
    @Test
    void shouldBringNoProviderToPrograms() throws Exception
    {
        final String pom = Files.readString(Path.of("pom.xml"));

        assertTrue(
            Pattern.compile("<artifactId>slf4j-nop</artifactId>\\s*<scope>runtime</scope>\\s*<optional>true</optional>")
                .matcher(pom).find());
    }
}
