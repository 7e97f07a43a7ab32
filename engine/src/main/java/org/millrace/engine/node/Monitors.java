package org.millrace.engine.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** The clients that have said MONITOR, and the line each command makes for them. */
final class Monitors
{
    private final List<ClientSession> sessions = new ArrayList<>();

    void add(final ClientSession session)
    {
        sessions.add(session);
    }

    void remove(final ClientSession session)
    {
        sessions.remove(session);
    }

    boolean isEmpty()
    {
        return sessions.isEmpty();
    }

    void feed(final Session from, final CommandSpec spec, final ArgVector args, final long nowMs)
    {
        final StringBuilder line = new StringBuilder(64);
        line.append('+').append(nowMs / 1000).append('.').append(String.format("%06d", nowMs % 1000 * 1000));
        line.append(" [").append(from.db).append(' ').append(from.isPrimaryLink ? "primary" : from.address());
        line.append(']');
        final boolean isSecret = "auth".equals(spec.name()) || "hello".equals(spec.name());
        for (int i = 0; i < args.count(); i++)
        {
            line.append(' ');
            if (isSecret && i > 0)
            {
                line.append("\"(redacted)\"");
            }
            else
            {
                quote(line, args.address(i), args.length(i));
            }
        }

        line.append("\r\n");
        final byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (final ClientSession session : sessions)
        {
            session.outputForMessage().put(bytes);
        }
    }

    /** Bytes as a quoted string, as redis-cli shows them. */
    static void quote(final StringBuilder out, final long address, final int length)
    {
        out.append('"');
        for (int i = 0; i < length; i++)
        {
            final int c = Memory.getUnsignedByte(address + i);
            switch (c)
            {
                case '\\', '"' -> out.append('\\').append((char)c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c >= 32 && c < 127)
                    {
                        out.append((char)c);
                    }
                    else
                    {
                        out.append("\\x").append(Character.forDigit(c >>> 4, 16))
                            .append(Character.forDigit(c & 15, 16));
                    }
                }
            }
        }

        out.append('"');
    }
}
