package org.millrace.engine.commands;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.DoubleParser;

/** Reads places, lengths and units out of arguments; what is wrong it replies. Writer thread. */
final class GeoArguments
{
    /** What {@link #unit} answers if there is no such unit. */
    static final double NO_UNIT = -1;

    private double first;
    private double second;

    /** Longitude and latitude, or width and height, read last. */
    double first()
    {
        return first;
    }

    double second()
    {
        return second;
    }

    /** Longitude and latitude at an index and behind it; false if an error was replied. */
    boolean readPlace(final CommandContext context, final int index)
    {
        if (!readPair(context, index, Replies.NOT_A_FLOAT, Replies.NOT_A_FLOAT))
        {
            return false;
        }

        if (GeoHash.isPlace(first, second))
        {
            return true;
        }

        context.reply().error("ERR invalid longitude,latitude pair " + text(first) + "," + text(second));
        return false;
    }

    /** A radius and its unit, into the shape; false if an error was replied. */
    boolean readCircle(final CommandContext context, final int index, final GeoShape shape)
    {
        first = parse(context, index);
        if (Double.isNaN(first))
        {
            context.reply().error("ERR need numeric radius");
            return false;
        }

        if (first < 0)
        {
            context.reply().error("ERR radius cannot be negative");
            return false;
        }

        shape.isBox = false;
        shape.radius = first;
        return readUnit(context, index + 1, shape);
    }

    /** Width, height and their unit, into the shape; false if an error was replied. */
    boolean readBox(final CommandContext context, final int index, final GeoShape shape)
    {
        if (!readPair(context, index, "ERR need numeric width", "ERR need numeric height"))
        {
            return false;
        }

        if (first < 0 || second < 0)
        {
            context.reply().error("ERR height or width cannot be negative");
            return false;
        }

        shape.isBox = true;
        shape.width = first;
        shape.height = second;
        return readUnit(context, index + 2, shape);
    }

    private static boolean readUnit(final CommandContext context, final int index, final GeoShape shape)
    {
        shape.unit = unit(context, index);
        return NO_UNIT != shape.unit;
    }

    /** Meters of the unit that an argument names; {@link #NO_UNIT} if an error was replied. */
    static double unit(final CommandContext context, final int index)
    {
        if (context.argIs(index, "M"))
        {
            return 1;
        }

        if (context.argIs(index, "KM"))
        {
            return 1000;
        }

        if (context.argIs(index, "FT"))
        {
            return 0.3048;
        }

        if (context.argIs(index, "MI"))
        {
            return 1609.34;
        }

        context.reply().error("ERR unsupported unit provided. please use M, KM, FT, MI");
        return NO_UNIT;
    }

    private boolean readPair(
        final CommandContext context, final int index, final String firstError, final String secondError)
    {
        first = parse(context, index);
        if (Double.isNaN(first))
        {
            context.reply().error(firstError);
            return false;
        }

        second = parse(context, index + 1);
        if (Double.isNaN(second))
        {
            context.reply().error(secondError);
            return false;
        }

        return true;
    }

    private static double parse(final CommandContext context, final int index)
    {
        return DoubleParser.parse(context.argAddress(index), context.argLength(index));
    }

    /** As C's {@code %f} prints it. */
    private static String text(final double number)
    {
        if (Double.isInfinite(number))
        {
            return number < 0 ? "-inf" : "inf";
        }

        // The sign is there also where nothing else of the number is.
        final String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
        return sign + new BigDecimal(Math.abs(number)).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    }
}
