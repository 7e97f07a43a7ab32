package org.millrace.engine.node;

import java.util.Map;
import java.util.TreeMap;

/** Error replies by their code, for INFO errorstats. */
final class ErrorCounts
{
    private static final int CODES_MAX = 128;

    private final Map<String, long[]> byCode = new TreeMap<>();

    void add(final String text)
    {
        final int space = text.indexOf(' ');
        final String code = space < 0 ? text : text.substring(0, space);
        if (byCode.size() < CODES_MAX || byCode.containsKey(code))
        {
            byCode.computeIfAbsent(code, (c) -> new long[1])[0]++;
        }
    }

    void reset()
    {
        byCode.clear();
    }

    void append(final StringBuilder out)
    {
        byCode.forEach((code, count) -> out.append("errorstat_").append(code).append(":count=").append(
            count[0]).append("\r\n"));
    }
}
