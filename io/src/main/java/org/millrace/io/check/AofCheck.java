package org.millrace.io.check;

import java.io.IOException;
import org.millrace.engine.aof.AofReader;
import org.millrace.engine.aof.FileWindow;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** Looks through the commands of an append-only file, and tells up to where it could be loaded. */
final class AofCheck
{
    private static final String TIME_STAMP = "#TS:";

    private final Report report;
    private final AofReader reader = new AofReader();
    private final ArgVector args = new ArgVector();

    private long commands;
    private long transactions;
    private long firstTime;
    private long lastTime;
    private boolean isInMulti;

    /** Byte behind the last whole command, or in front of the transaction that has no end. */
    private long validTo;

    AofCheck(final Report report)
    {
        this.report = report;
    }

    /**
     * Reads on from where the window is.
     *
     * @param isLast nothing is loaded behind it: its end may be missing.
     * @return whether a node would load it with {@code aof-load-truncated no}.
     */
    boolean check(final FileInput input, final String name, final boolean isLast) throws IOException
    {
        final FileWindow window = input.window();
        validTo = window.position();
        long needed = 0;
        int found = AofReader.SHORT;
        while (AofReader.BAD != found && !(window.isAtEnd() && AofReader.SHORT == found && needed > 0))
        {
            if (!input.fill(needed))
            {
                return report.bad(name, "a command longer than 2 GiB (at byte " + window.position() + ")");
            }

            found = readWindow(window);
            needed = reader.needed();
        }

        tell(name, input.length());
        return AofReader.BAD == found
            ? tellBad(name, window, input.length())
            : tellEnd(name, window, input.length(), isLast);
    }

    private int readWindow(final FileWindow window)
    {
        int found = AofReader.COMMAND;
        while (AofReader.COMMAND == found || AofReader.NOTE == found)
        {
            final long address = window.address();
            found = reader.read(address, address + window.length(), window.isAtEnd(), args);
            if (AofReader.COMMAND == found)
            {
                onCommand(window.position(), reader.consumed());
                window.take(reader.consumed());
            }
            else if (AofReader.NOTE == found)
            {
                onNote(address, reader.consumed());
                window.take(reader.consumed());
            }
        }

        return found;
    }

    private void onCommand(final long at, final long length)
    {
        commands++;
        if (!isInMulti && 1 == args.count() && args.is(0, "MULTI"))
        {
            isInMulti = true;
            validTo = at;
        }
        else if (isInMulti && 1 == args.count() && args.is(0, "EXEC"))
        {
            isInMulti = false;
            transactions++;
        }

        validTo = isInMulti ? validTo : at + length;
    }

    private void onNote(final long address, final long length)
    {
        long time = 0;
        for (int i = 0; i < length && time < Integer.MAX_VALUE; i++)
        {
            final int c = Memory.getByte(address + i);
            if (i < TIME_STAMP.length())
            {
                if (c != TIME_STAMP.charAt(i))
                {
                    return;
                }
            }
            else if (c >= '0' && c <= '9')
            {
                time = 10 * time + c - '0';
            }
        }

        firstTime = 0 == firstTime ? time : firstTime;
        lastTime = time;
    }

    private void tell(final String name, final long length)
    {
        report.title(name, "append-only file, " + Report.bytes(length) + ", " + Report.count(commands) + " commands, " +
            Report.count(transactions) + " transactions" +
            (lastTime > 0 ? ", from " + Report.time(firstTime) + " to " + Report.time(lastTime) : ""));
    }

    private boolean tellBad(final String name, final FileWindow window, final long length)
    {
        final long at = window.position() + reader.errorAt();
        report.bad(name, reader.error() + " (at byte " + at + "); no server loads it");
        final long zeros = zeros(window, length);
        report.detail(zeros > 0
            ? "from there to the end all is zero, " + zeros + " bytes: the machine has lost what was not on its disk"
            : "what stands there may be damaged, and behind it may be more");
        tellCut(length, "an older one of the file is better, if there is one");
        return false;
    }

    /** Bytes to the end of the file, if all of those that lie in the window are zero; else 0. */
    private long zeros(final FileWindow window, final long length)
    {
        final long at = reader.errorAt();
        return window.length() > at && Memory.isZero(window.address() + at, window.length() - at)
            ? length - window.position() - at
            : 0;
    }

    private boolean tellEnd(final String name, final FileWindow window, final long length, final boolean isLast)
    {
        if (0 == window.length() && !isInMulti)
        {
            return true;
        }

        report.bad(name, (isInMulti ? "it ends within a transaction that began" : "it ends within a command") +
            " (at byte " + validTo + "); " + (isLast
                ? "a server loads what is in front of that, with aof-load-truncated yes"
                : "no server loads it, since it is not the last one"));
        tellCut(length, "the bytes behind it were never confirmed, if appendfsync was always");
        return false;
    }

    private void tellCut(final long length, final String advice)
    {
        report
            .detail("to go on without the last " + (length - validTo) + " bytes: copy the file, then truncate --size=" +
                validTo + " FILE; " + advice);
    }
}
