package org.millrace.jmh.alternatives;

/**
 * Products of polynomials over GF(2), made of integer multiplications of operands of which only every fourth bit is
 * kept: the sums of up to sixteen products of bits then do not reach the next bit that counts.
 * <p>
 * With them eight bytes of a CRC are one division: with M the polynomial shifted by one and its lowest bit set, the
 * quotient q is the low half of the state times the inverse of M, and the new state is what q M has above its low half.
 */
final class Crc64Multiplication
{
    private static final long MASK = 0x1111_1111_1111_1111L;
    private static final long MODULUS_LOW = Crc64Tables.POLYNOMIAL_REFLECTED << 1 | 1;
    private static final long INVERSE = inverse();

    private Crc64Multiplication()
    {
    }

    /** The state after eight more bytes, which have been added to it. */
    static long step(final long word)
    {
        final long quotient = low(word, INVERSE);
        return high(quotient, MODULUS_LOW) ^ quotient;
    }

    private static long low(final long x, final long y)
    {
        final long x0 = x & MASK;
        final long x1 = x & MASK << 1;
        final long x2 = x & MASK << 2;
        final long x3 = x & MASK << 3;
        final long y0 = y & MASK;
        final long y1 = y & MASK << 1;
        final long y2 = y & MASK << 2;
        final long y3 = y & MASK << 3;
        return (x0 * y0 ^ x1 * y3 ^ x2 * y2 ^ x3 * y1) & MASK |
            (x0 * y1 ^ x1 * y0 ^ x2 * y3 ^ x3 * y2) & MASK << 1 |
            (x0 * y2 ^ x1 * y1 ^ x2 * y0 ^ x3 * y3) & MASK << 2 |
            (x0 * y3 ^ x1 * y2 ^ x2 * y1 ^ x3 * y0) & MASK << 3;
    }

    private static long high(final long x, final long y)
    {
        return Long.reverse(low(Long.reverse(x), Long.reverse(y))) >>> 1;
    }

    /** Newton's iteration: twice as many bits are right after each step. */
    private static long inverse()
    {
        long result = 1;
        for (int i = 0; i < 6; i++)
        {
            result = low(result, low(result, MODULUS_LOW));
        }

        return result;
    }
}
