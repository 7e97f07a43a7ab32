package org.millrace.engine.node;

/**
 * Numbers with a fixed number of digits behind the point, as {@code %.2f} writes them. INFO has hundreds of them, is asked for
 * every few seconds, and holds the writer meanwhile: a formatter costs ten times as much.
 */
final class FixedPoint
{
    private static final long[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

    private FixedPoint()
    {
    }

    /** @param digits up to six. @param value whose whole part, with so many digits more, is a long. */
    static String of(final double value, final int digits)
    {
        return append(new StringBuilder(24), value, digits).toString();
    }

    /** As the other, into a text. */
    static StringBuilder append(final StringBuilder out, final double value, final int digits)
    {
        final long power = POWERS[digits];
        final long scaled = Math.round(Math.abs(value) * power);
        if (value < 0 && scaled > 0)
        {
            out.append('-');
        }

        return parts(out, scaled / power, scaled % power, power);
    }

    /** A whole number of the smallest unit. @param digits of it that stand behind the point. */
    static String ofUnits(final long units, final int digits)
    {
        final long power = POWERS[digits];
        return parts(new StringBuilder(24), units / power, units % power, power).toString();
    }

    private static StringBuilder parts(final StringBuilder out, final long whole, final long part, final long power)
    {
        out.append(whole);
        if (power > 1)
        {
            out.append('.');
            for (long place = power / 10; place > 1 && part < place; place /= 10)
            {
                out.append('0');
            }

            out.append(part);
        }

        return out;
    }
}
