package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.backlog.LogGeneration;
import org.millrace.engine.backlog.LogRecord;
import org.millrace.engine.counters.SilentLog;
import org.millrace.kit.Await;

/** Logs whose files are not all there. */
class LogDirectoryTest
{
    private static final String ID = "0".repeat(40);

    @TempDir
    private Path directory;

    private LogDirectory open()
    {
        return new LogDirectory(directory, new SilentLog());
    }

    private Path records()
    {
        return directory.resolve(LogDirectory.NAME).resolve("log-0").resolve(LogFiles.RECORDS);
    }

    private static LogRecord record(final long next)
    {
        return new LogRecord(0, 7, next, 1, -1, -1, 0, 0, 0, 1 << 22, ID, ID);
    }

    /** Begin a log, and leave it. */
    private void begin() throws IOException
    {
        try (LogDirectory logs = open())
        {
            logs.open();
            final LogGeneration log = logs.create(7);
            log.append(record(1));
            log.append(record(2));
            log.allocate().detach();
            log.close();
        }
    }

    @Test
    void shouldFindTheRecordsOfALogAgain() throws IOException
    {
        begin();
        // The next overwrites what was not written whole.
        Files.write(records(), new byte[]{1, 2, 3}, StandardOpenOption.APPEND);
        for (int i = 2; i < 4; i++)
        {
            try (LogDirectory logs = open())
            {
                final List<LogGeneration> found = logs.open();
                assertEquals(i, found.get(0).records().size());
                found.get(0).append(record(i + 1));
                found.get(0).close();
            }
        }
    }

    @Test
    void shouldRefuseALogWithoutItsRecords() throws IOException
    {
        begin();
        Files.write(records(), new byte[0]);
        try (LogDirectory logs = open())
        {
            assertTrue(assertThrows(IOException.class, logs::open).getMessage().contains("is missing or empty"));
        }

        Files.delete(records());
        try (LogDirectory logs = open())
        {
            assertTrue(assertThrows(IOException.class, logs::open).getMessage().contains("is missing or empty"));
        }
    }

    @Test
    void shouldDeleteWhatIsLeftOfADeletedLog() throws IOException
    {
        begin();
        Files.move(records(), records().resolveSibling("records.deleted"));
        try (LogDirectory logs = open())
        {
            assertEquals(List.of(), logs.open());
            Await.until("the log to go", 10, () -> !Files.exists(records().getParent()));
        }

        assertFalse(open().exists());
    }
}
