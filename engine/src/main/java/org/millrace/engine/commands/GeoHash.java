package org.millrace.engine.commands;

/**
 * Places on the earth as numbers, as sorted sets hold them in their scores: the span of longitudes and that of latitudes
 * are halved again and again, and which half a place lies in makes its bits, in turn, a bit of latitude lowest.
 * <pre>
 *   bit  51        50        ...   3         2         1         0
 *        lon half  lat half        lon       lat       lon       lat      of 26 steps
 * </pre>
 * Latitudes end where a square map of the world does. Each expression is rounded in Redis's order: scores and coordinates
 * have its digits. Stateless; any thread.
 */
final class GeoHash
{
    static final double LONGITUDE_MAX = 180;
    static final double LATITUDE_MAX = 85.05112878;

    /** Halvings of each span in a score. */
    static final int STEPS = 26;

    /** The span of latitudes of geohashes as others write them. */
    private static final double TEXT_LATITUDE_MAX = 90;

    private static final String TEXT_DIGITS = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int TEXT_DIGIT_BITS = 5;

    /** Characters of a text; the last one is a zero. */
    static final int TEXT_LENGTH = 11;

    private static final double TWO_TO_63 = 0x1p63;

    private GeoHash()
    {
    }

    static boolean isPlace(final double longitude, final double latitude)
    {
        return longitude >= -LONGITUDE_MAX && longitude <= LONGITUDE_MAX && latitude >= -LATITUDE_MAX &&
            latitude <= LATITUDE_MAX;
    }

    /** The bits of a place after so many steps. */
    static long encode(final double longitude, final double latitude, final int steps)
    {
        return join(
            number(longitude, LONGITUDE_MAX, steps), number(latitude, LATITUDE_MAX, steps));
    }

    /** Number of the part that a coordinate lies in; at the end of the span, one more than there are parts. */
    static long number(final double coordinate, final double most, final int steps)
    {
        final double offset = (coordinate + most) / (most + most);
        return (long)(offset * (1L << steps));
    }

    static long join(final long longitudeNumber, final long latitudeNumber)
    {
        return spread(latitudeNumber) | spread(longitudeNumber) << 1;
    }

    /** Begin of a part of a span: a number of it, of all that so many steps make. */
    static double begin(final long number, final double most, final int steps)
    {
        return -most + (double)number / (1L << steps) * (most + most);
    }

    static double longitude(final long bits)
    {
        return middle(gather(bits >>> 1), LONGITUDE_MAX);
    }

    static double latitude(final long bits)
    {
        return middle(gather(bits), LATITUDE_MAX);
    }

    private static double middle(final long number, final double most)
    {
        // The number behind the last one of 32 bits is the first.
        final double middle = (begin(number, most, STEPS) + begin(number + 1 & 0xFFFF_FFFFL, most, STEPS)) / 2;
        return Math.max(-most, Math.min(most, middle));
    }

    /** Bits of a score, of which anybody may have made any: as a C compiler makes a 64-bit number of a double. */
    static long bits(final double score)
    {
        if (score < TWO_TO_63)
        {
            return (long)score;
        }

        final double rest = score - TWO_TO_63;
        return rest < TWO_TO_63 ? (long)rest ^ Long.MIN_VALUE : 0;
    }

    /** Bits of the text that stands for a place, whose latitudes go up to the poles. */
    static long textBits(final double longitude, final double latitude)
    {
        return join(
            number(longitude, LONGITUDE_MAX, STEPS), number(latitude, TEXT_LATITUDE_MAX, STEPS));
    }

    /** The character at an index of the text that has these bits. */
    static byte textByte(final long textBits, final int index)
    {
        // Behind the last whole digit there are two bits more, which Redis does not show.
        final int digit = TEXT_LENGTH - 1 == index
            ? 0
            : (int)(textBits >>> 2 * STEPS - (index + 1) * TEXT_DIGIT_BITS) & (1 << TEXT_DIGIT_BITS) - 1;
        return (byte)TEXT_DIGITS.charAt(digit);
    }

    /** A zero in front of each of the lower 32 bits. */
    private static long spread(final long number)
    {
        long bits = number & 0xFFFF_FFFFL;
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFFL;
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FFL;
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333L;
        return (bits | bits << 1) & 0x5555_5555_5555_5555L;
    }

    /** Every second bit, the lowest first. */
    private static long gather(final long spread)
    {
        long bits = spread & 0x5555_5555_5555_5555L;
        bits = (bits | bits >>> 1) & 0x3333_3333_3333_3333L;
        bits = (bits | bits >>> 2) & 0x0F0F_0F0F_0F0F_0F0FL;
        bits = (bits | bits >>> 4) & 0x00FF_00FF_00FF_00FFL;
        bits = (bits | bits >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (bits | bits >>> 16) & 0xFFFF_FFFFL;
    }
}
