package org.millrace.engine.memory;

/** Doubles as Redis 7.2 writes them. Stateless; any thread. */
public final class DoubleText
{
    /** Most bytes that {@link #format} writes. */
    public static final int LENGTH_MAX = 32;

    /** Whole numbers up to here are written as such; 2^62. */
    private static final double INTEGER_MAX = 0x1p62;

    /** A whole number has at most so many digits more than the double has. */
    private static final int ZEROS_MAX = 7;

    /** A number below 1 has at most so many digits behind the point. */
    private static final int PLACES_MAX = 6;

    private DoubleText()
    {
    }

    /**
     * Writes the number at {@code address}, where {@link #LENGTH_MAX} bytes are free: whole numbers up to 2^62 with all
     * digits, others as {@link #formatShortest}.
     *
     * @return the bytes written.
     */
    public static int format(final long address, final double value)
    {
        final long whole = (long)value;
        final boolean isWhole = whole == value && Math.abs(value) <= INTEGER_MAX && 0 != whole;
        return isWhole ? Decimal.format(address, whole) : formatShortest(address, value);
    }

    /**
     * Writes the number with as few digits as tell it from every other double, and an exponent if there are far more
     * places than digits: {@code 0.1}, {@code 1e+18}, {@code -0}, {@code inf}, {@code nan}.
     *
     * @return the bytes written.
     */
    public static int formatShortest(final long address, final double value)
    {
        if (Double.doubleToRawLongBits(value) < 0)
        {
            Memory.putByte(address, (byte)'-');
            return 1 + formatPositive(address + 1, -value);
        }

        return formatPositive(address, value);
    }

    private static int formatPositive(final long address, final double value)
    {
        if (0 == value)
        {
            return put(address, "0");
        }

        if (!Double.isFinite(value))
        {
            return put(address, Double.isNaN(value) ? "nan" : "inf");
        }

        final int digits = ShortestDigits.write(address, value);
        final int count = digits & 0xFF;
        final int power = digits >> Byte.SIZE;
        final int exponent = power + count - 1;
        if (power >= 0 && exponent < count + ZEROS_MAX)
        {
            Memory.set(address + count, power, (byte)'0');
            return count + power;
        }

        if (power < 0 && (power >= -PLACES_MAX || Math.abs(exponent) < 4))
        {
            return placePoint(address, count, -power);
        }

        return placeExponent(address, count, exponent);
    }

    /** The digits stand at {@code address}; so many of them are to stand behind the point. */
    private static int placePoint(final long address, final int count, final int places)
    {
        final int whole = count - places;
        if (whole > 0)
        {
            Memory.copy(address + whole, address + whole + 1, places);
            Memory.putByte(address + whole, (byte)'.');
            return count + 1;
        }

        Memory.copy(address, address + 2 - whole, count);
        Memory.putByte(address, (byte)'0');
        Memory.putByte(address + 1, (byte)'.');
        Memory.set(address + 2, -whole, (byte)'0');
        return 2 + places;
    }

    private static int placeExponent(final long address, final int count, final int exponent)
    {
        int length = 1;
        if (count > 1)
        {
            Memory.copy(address + 1, address + 2, count - 1);
            Memory.putByte(address + 1, (byte)'.');
            length = count + 1;
        }

        Memory.putByte(address + length, (byte)'e');
        Memory.putByte(address + length + 1, (byte)(exponent < 0 ? '-' : '+'));
        return length + 2 + Decimal.format(address + length + 2, Math.abs(exponent));
    }

    private static int put(final long address, final String word)
    {
        for (int i = 0; i < word.length(); i++)
        {
            Memory.putByte(address + i, (byte)word.charAt(i));
        }

        return word.length();
    }
}
