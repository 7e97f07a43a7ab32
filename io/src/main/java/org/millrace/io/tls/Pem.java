package org.millrace.io.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a PEM file holds: blocks of base64 between lines that name them. What stands between blocks is for people. */
final class Pem
{
    /** A bundle of all authorities of a system has a quarter of a megabyte. */
    private static final int FILE_MAX = 16 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /**
     * One block.
     *
     * @param label       as the line before it has it, {@code CERTIFICATE}.
     * @param isEncrypted whether a header says so, as those of older OpenSSL do.
     */
    record Block(String label, boolean isEncrypted, byte[] content)
    {
    }

    private Pem()
    {
    }

    /** The content of a file. @throws IOException it cannot be read, is no file, or is far too long; says which. */
    static byte[] read(final Path path) throws IOException
    {
        try
        {
            if (Files.size(path) > FILE_MAX)
            {
                throw new IOException("File too large");
            }

            return Files.readAllBytes(path);
        }
        catch (final NoSuchFileException e)
        {
            throw new IOException("No such file or directory", e);
        }
    }

    /** All blocks, in their order. @throws IOException one of them is broken. */
    static List<Block> parse(final byte[] file) throws IOException
    {
        final List<Block> blocks = new ArrayList<>();
        String label = null;
        boolean isEncrypted = false;
        final StringBuilder base64 = new StringBuilder();
        for (final String each : new String(file, StandardCharsets.ISO_8859_1).split("\\r?\\n|\\r"))
        {
            final String line = each.trim();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES))
            {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                isEncrypted = false;
                base64.setLength(0);
            }
            else if (null != label && line.startsWith(END))
            {
                blocks.add(new Block(label, isEncrypted, decode(label, base64)));
                label = null;
            }
            else if (null != label && line.indexOf(':') >= 0)
            {
                isEncrypted |= line.contains("ENCRYPTED");
            }
            else if (null != label)
            {
                base64.append(line);
            }
        }

        if (null != label)
        {
            throw new IOException("the block " + label + " has no end");
        }

        return blocks;
    }

    private static byte[] decode(final String label, final CharSequence base64) throws IOException
    {
        try
        {
            return Base64.getDecoder().decode(base64.toString());
        }
        catch (final IllegalArgumentException e)
        {
            throw new IOException("the block " + label + " is no base64", e);
        }
    }
}
