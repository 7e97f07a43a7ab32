package org.millrace.jmh;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Memory;

/** Off-heap bytes of a pipeline of SETs as a client sends it. */
final class Pipeline implements AutoCloseable
{
    static final int COMMANDS = 32;

    final long address;
    final int length;
    final int commandLength;

    Pipeline(final int valueLength)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < COMMANDS; i++)
        {
            text.append("*3\r\n$3\r\nSET\r\n$16\r\nkey:")
                .append(100_000_000_000L + i)
                .append("\r\n$")
                .append(valueLength)
                .append("\r\n")
                .append("v".repeat(valueLength))
                .append("\r\n");
        }

        final byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        length = bytes.length;
        commandLength = length / COMMANDS;
        address = Memory.reserve(length);
        Memory.copy(bytes, 0, address, length);
    }

    @Override
    public void close()
    {
        Memory.release(address);
    }
}
