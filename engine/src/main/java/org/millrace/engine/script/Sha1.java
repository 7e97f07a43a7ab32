package org.millrace.engine.script;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.millrace.engine.memory.Memory;

/** The name of a script: the SHA-1 of its text, computed or read from 40 hexadecimal digits. No garbage; writer thread. */
final class Sha1
{
    /** Bytes of a digest, and its digits. */
    static final int LENGTH = 20;
    static final int DIGITS = 2 * LENGTH;

    private static final int CHUNK = 4096;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final MessageDigest digest = newDigest();
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] value = new byte[LENGTH];

    private static MessageDigest newDigest()
    {
        try
        {
            return MessageDigest.getInstance("SHA-1");
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("each JVM has SHA-1", e);
        }
    }

    /** Of these bytes. */
    Sha1 compute(final long address, final int length)
    {
        for (int done = 0; done < length; done += CHUNK)
        {
            final int step = Math.min(CHUNK, length - done);
            Memory.copy(address + done, chunk, 0, step);
            digest.update(chunk, 0, step);
        }

        return finish();
    }

    Sha1 compute(final byte[] bytes)
    {
        digest.update(bytes);
        return finish();
    }

    private Sha1 finish()
    {
        try
        {
            digest.digest(value, 0, LENGTH);
        }
        catch (final DigestException e)
        {
            throw new IllegalStateException("there is room for all of a digest", e);
        }

        return this;
    }

    /** Take it from digits of either case. @return false if that is no digest. */
    boolean read(final long address, final int length)
    {
        if (DIGITS != length)
        {
            return false;
        }

        for (int i = 0; i < LENGTH; i++)
        {
            final int high = Character.digit(Memory.getByte(address + 2L * i), 16);
            final int low = Character.digit(Memory.getByte(address + 2L * i + 1), 16);
            if ((high | low) < 0)
            {
                return false;
            }

            value[i] = (byte)(high << 4 | low);
        }

        return true;
    }

    /** The first eight bytes, to look it up by. */
    long first()
    {
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++)
        {
            bits = bits << 8 | value[i] & 0xFF;
        }

        return bits;
    }

    /** True if these are its bytes. */
    boolean is(final byte[] other)
    {
        for (int i = 0; i < LENGTH; i++)
        {
            if (value[i] != other[i])
            {
                return false;
            }
        }

        return true;
    }

    byte[] copy()
    {
        return value.clone();
    }

    /** In lower case. */
    String text()
    {
        final char[] digits = new char[DIGITS];
        for (int i = 0; i < LENGTH; i++)
        {
            digits[2 * i] = HEX[value[i] >>> 4 & 15];
            digits[2 * i + 1] = HEX[value[i] & 15];
        }

        return new String(digits);
    }
}
