package org.millrace.engine.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.resp.InlineSplitter;

/**
 * Which files an append-only directory holds, as its manifest says: at most one base, and what was appended since, in this
 * order. Immutable.
 */
public final class AofManifest
{
    /** What the name of the manifest has behind that of the append-only file. */
    public static final String SUFFIX = ".manifest";

    /** Longest line, with its end. */
    private static final int LINE_MAX = 1024;
    private static final int WORDS_MIN = 6;
    private static final int DIGITS_MAX = 18;
    private static final String FORMAT = "Invalid AOF manifest file format";

    private final AofFile base;
    private final List<AofFile> increments;
    private final int historyCount;

    private AofManifest(final AofFile base, final List<AofFile> increments, final int historyCount)
    {
        this.base = base;
        this.increments = List.copyOf(increments);
        this.historyCount = historyCount;
    }

    /**
     * Reads a manifest.
     *
     * @param text of the whole file, a character a byte.
     */
    public static AofManifest parse(final String text) throws AofManifestException
    {
        if (text.isEmpty())
        {
            throw new AofManifestException("Found an empty AOF manifest", 0, null);
        }

        AofFile base = null;
        int histories = 0;
        final List<AofFile> increments = new ArrayList<>();
        int number = 0;
        for (int at = 0; at < text.length();)
        {
            final int end = text.indexOf('\n', at);
            final String line = text.substring(at, end < 0 ? text.length() : end);
            number++;
            at += line.length() + 1;
            if (line.startsWith("#"))
            {
                continue;
            }

            if (end < 0 || line.length() >= LINE_MAX)
            {
                throw new AofManifestException("The AOF manifest file contains too long line", number, null);
            }

            final AofFile file = file(line, number);
            switch (file.type())
            {
                case AofFile.BASE -> {
                    require(null == base, "Found duplicate base file information", number, line);
                    base = file;
                }
                case AofFile.HISTORY -> histories++;
                case AofFile.INCREMENT -> {
                    final long last = increments.isEmpty() ? 0 : increments.get(increments.size() - 1).sequence();
                    require(file.sequence() > last, "Found a non-monotonic sequence number", number, line);
                    increments.add(file);
                }
                default -> require(false, "Unknown AOF file type", number, line);
            }
        }

        return new AofManifest(base, increments, histories);
    }

    private static AofFile file(final String untrimmed, final int number) throws AofManifestException
    {
        final String line = untrimmed.strip();
        final List<String> words = InlineSplitter.words(line.getBytes(ISO_8859_1), line.length());
        // More pairs than are known are those of newer versions.
        require(null != words && words.size() >= WORDS_MIN && 0 == words.size() % 2, FORMAT, number, line);
        String name = "";
        long sequence = 0;
        char type = 0;
        for (int i = 0; i < words.size(); i += 2)
        {
            final String value = words.get(i + 1);
            if ("file".equalsIgnoreCase(words.get(i)))
            {
                require(value.indexOf('/') < 0 && value.indexOf('\\') < 0, "File can't be a path, just a filename",
                    number, line);
                name = value;
            }
            else if ("seq".equalsIgnoreCase(words.get(i)))
            {
                sequence = number(value);
            }
            else if ("type".equalsIgnoreCase(words.get(i)))
            {
                type = value.isEmpty() ? 0 : value.charAt(0);
            }
        }

        require(!name.isEmpty() && 0 != sequence && 0 != type, FORMAT, number, line);
        return new AofFile(name, sequence, type);
    }

    /** As atoll reads it: what follows the digits does not count. */
    private static long number(final String text)
    {
        int end = 0;
        while (end < text.length() && end < DIGITS_MAX && Character.isDigit(text.charAt(end)))
        {
            end++;
        }

        return 0 == end ? 0 : Long.parseLong(text, 0, end, 10);
    }

    private static void require(final boolean isRight, final String reason, final int number, final String line)
        throws AofManifestException
    {
        if (!isRight)
        {
            throw new AofManifestException(reason, number, line.strip());
        }
    }

    /** Null if there is none. */
    public AofFile base()
    {
        return base;
    }

    public List<AofFile> increments()
    {
        return increments;
    }

    /** Files that are to be deleted. */
    public int historyCount()
    {
        return historyCount;
    }

    /** All that hold data, in their order. */
    public List<AofFile> files()
    {
        final List<AofFile> files = new ArrayList<>();
        if (null != base)
        {
            files.add(base);
        }

        files.addAll(increments);
        return files;
    }
}
