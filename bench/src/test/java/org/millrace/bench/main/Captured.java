package org.millrace.bench.main;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Streams for a program under test, and what it printed. */
final class Captured
{
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    PrintStream stream()
    {
        return stream;
    }

    String text()
    {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
