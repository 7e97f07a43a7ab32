package org.millrace.engine.acl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A password as its SHA-256. Immutable. */
final class Password
{
    private static final int HEX_LENGTH = 64;

    private final byte[] digest;

    private Password(final byte[] digest)
    {
        this.digest = digest;
    }

    static Password of(final byte[] clear)
    {
        try
        {
            return new Password(MessageDigest.getInstance("SHA-256").digest(clear));
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static Password of(final String clear)
    {
        return of(clear.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** From 64 hexadecimal digits in lower case; null for anything else. */
    static Password ofHash(final String hex)
    {
        boolean isHash = HEX_LENGTH == hex.length();
        for (int i = 0; i < hex.length(); i++)
        {
            final char c = hex.charAt(i);
            isHash &= c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }

        return isHash ? new Password(HexFormat.of().parseHex(hex)) : null;
    }

    /** In a time that says nothing about where they differ. */
    boolean isSame(final Password other)
    {
        return MessageDigest.isEqual(digest, other.digest);
    }

    String hash()
    {
        return HexFormat.of().formatHex(digest);
    }
}
