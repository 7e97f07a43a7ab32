package org.millrace.engine.aof;

import java.util.ArrayList;
import java.util.List;

/** A manifest is wrong. */
public final class AofManifestException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final int lineNumber;
    private final String line;

    /**
     * @param lineNumber where, from 1.
     * @param line what stands there, null if that would say nothing.
     */
    AofManifestException(final String reason, final int lineNumber, final String line)
    {
        super(reason, null, false, false);
        this.lineNumber = lineNumber;
        this.line = line;
    }

    /** The lines of Redis's log. */
    public List<String> logLines()
    {
        final List<String> lines = new ArrayList<>();
        lines.add("*** FATAL AOF MANIFEST FILE ERROR ***");
        if (null != line)
        {
            lines.add("Reading the manifest file, at line " + lineNumber);
            lines.add(">>> '" + line + "'");
        }

        lines.add(getMessage());
        return lines;
    }
}
