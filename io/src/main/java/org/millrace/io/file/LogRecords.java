package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.backlog.LogRecord;

/** Reads a log's records. */
public final class LogRecords
{
    private LogRecords()
    {
    }

    /**
     * The records of a file, oldest first, without one at the end that was not written whole.
     *
     * @param name of the file for people.
     * @throws IOException if it cannot be read, is of another version, or is damaged before its last record.
     */
    public static List<LogRecord> read(final FileChannel channel, final String name) throws IOException
    {
        final List<LogRecord> records = new ArrayList<>();
        final ByteBuffer bytes = ByteBuffer.allocate(LogRecord.LENGTH);
        long broken = -1;
        for (long at = 0; at + LogRecord.LENGTH <= channel.size(); at += LogRecord.LENGTH)
        {
            bytes.clear();
            while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0)
            {
                // Until the record is there whole.
            }

            bytes.flip();
            if (LogRecord.isOfOtherVersion(bytes))
            {
                throw new IOException(
                    name +
                        " is of a version that this one does not read. Nothing was changed. Start the version that " +
                        "has written it");
            }

            final LogRecord record = LogRecord.decode(bytes);
            if (null == record)
            {
                broken = broken < 0 ? at : broken;
            }
            else if (broken >= 0)
            {
                throw new IOException(name + " is damaged at byte " + broken + ". Nothing was changed");
            }
            else
            {
                records.add(record);
            }
        }

        return records;
    }
}
