package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.memory.Memory;

/** Distances and places in replies. Stateless; writer thread. */
final class GeoReplies
{
    private GeoReplies()
    {
    }

    /** A bulk string in either protocol. */
    static void distance(final CommandContext context, final double distance)
    {
        final long text = context.scratch();
        context.reply().bulk(text, GeoText.distance(text, distance));
    }

    /** Longitude and latitude. */
    static void place(final CommandContext context, final long bits)
    {
        context.reply().array(2);
        coordinate(context, GeoHash.longitude(bits));
        coordinate(context, GeoHash.latitude(bits));
    }

    private static void coordinate(final CommandContext context, final double coordinate)
    {
        final long text = context.scratch();
        context.reply().doubleText(text, GeoText.coordinate(text, coordinate));
    }

    /** A geohash as others write it. */
    static void hash(final CommandContext context, final long bits)
    {
        final long textBits = GeoHash.textBits(GeoHash.longitude(bits), GeoHash.latitude(bits));
        final long text = context.scratch();
        for (int i = 0; i < GeoHash.TEXT_LENGTH; i++)
        {
            Memory.putByte(text + i, GeoHash.textByte(textBits, i));
        }

        context.reply().bulk(text, GeoHash.TEXT_LENGTH);
    }
}
