package org.millrace.engine.node.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.command.Session;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;

/** The clients that have said MONITOR, and the line each command makes for them. */
public final class Monitors
{
    private static final byte[] REDACTED = ('"' + Secrets.REDACTED + '"').getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final long SECOND_MICROS = 1_000_000;
    private static final int STEP = 4096;
    private static final int QUOTED_MAX = 4;

    private final List<ClientSession> sessions = new ArrayList<>();

    void add(final ClientSession session)
    {
        sessions.add(session);
    }

    void remove(final ClientSession session)
    {
        sessions.remove(session);
    }

    public boolean isEmpty()
    {
        return sessions.isEmpty();
    }

    /** @param nowMicros wall clock, epoch us. */
    public void feed(final Session from, final CommandSpec spec, final ArgVector args, final long nowMicros)
    {
        // Seven digits, of which the first goes: zeros in front stay, in every locale.
        final String fraction = Long.toString(SECOND_MICROS + nowMicros % SECOND_MICROS).substring(1);
        final String head = "+" + nowMicros / SECOND_MICROS + '.' + fraction + " [" + from.db + ' ' +
            nameOf(from) + ']';
        final byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        for (final ClientSession session : sessions)
        {
            if (session.isClosing)
            {
                // It has said QUIT, and has its answer.
                continue;
            }

            try
            {
                final OutBuffer out = session.output().forMessage();
                out.put(headBytes);
                for (int i = 0; i < args.count(); i++)
                {
                    out.putByte(' ');
                    if (spec.isSecret(args, i))
                    {
                        out.put(REDACTED);
                    }
                    else
                    {
                        quote(out, args.address(i), args.length(i));
                    }
                }

                out.put(LINE_END);
            }
            catch (final ReplyTooLongException e)
            {
                session.output().overflow(e.getMessage());
            }
        }
    }

    private static String nameOf(final Session from)
    {
        if (from.isScript())
        {
            return "lua";
        }

        return from.isPrimaryLink ? "primary" : from.address();
    }

    /** Bytes as a quoted string, as redis-cli shows them; not by way of the heap, which may hold less. */
    static void quote(final OutBuffer out, final long address, final int length)
    {
        out.putByte('"');
        int done = 0;
        while (done < length)
        {
            final int step = Math.min(STEP, length - done);
            final long start = out.claim(step * QUOTED_MAX);
            long at = start;
            for (int i = 0; i < step; i++)
            {
                at = quoteByte(Memory.getUnsignedByte(address + done + i), at);
            }

            out.advance((int)(at - start));
            done += step;
        }

        out.putByte('"');
    }

    private static long quoteByte(final int c, final long at)
    {
        if (c >= 32 && c < 127 && '"' != c && '\\' != c)
        {
            Memory.putByte(at, (byte)c);
            return at + 1;
        }

        Memory.putByte(at, (byte)'\\');
        final int letter = switch (c)
        {
            case '\\', '"' -> c;
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case 7 -> 'a';
            case '\b' -> 'b';
            default -> 'x';
        };
        Memory.putByte(at + 1, (byte)letter);
        if ('x' != letter)
        {
            return at + 2;
        }

        Memory.putByte(at + 2, (byte)Character.forDigit(c >>> 4, 16));
        Memory.putByte(at + 3, (byte)Character.forDigit(c & 15, 16));
        return at + QUOTED_MAX;
    }
}
