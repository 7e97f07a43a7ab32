package org.millrace.engine.commands;

/**
 * Which ranges of scores hold what lies within a shape: the cell of its center and those of the eight round it that are
 * needed, all of the size at which they cover it. In the order in which Redis looks, as ANY takes what is found first.
 * Filled for one search after the other; writer thread.
 */
final class GeoCells
{
    /** Half of the equator, meters, on the square map: what a cell of one step is wide. */
    private static final double MAP_MAX = 20037726.37;

    /** Beyond these latitudes cells are so narrow that larger ones are taken. */
    private static final double NARROW_LATITUDE = 66;
    private static final double NARROWER_LATITUDE = 80;

    /** A center and its neighbours: north, south, east, west, then those between them. */
    private static final int[] EAST = {0, 0, 0, 1, -1, 1, -1, 1, -1};
    private static final int[] NORTH = {0, 1, -1, 0, 0, 1, 1, -1, -1};

    private final long[] cells = new long[EAST.length];
    private int count;
    private int steps;

    private long column;
    private long row;

    /** Find the cells of a shape. */
    void cover(final GeoShape shape)
    {
        steps = steps(shape.reach(), shape.latitude);
        locate(shape);
        if (steps > 1 && !isCovered(shape))
        {
            steps--;
            locate(shape);
        }

        // What the center's cell holds all of on one side needs no neighbours there.
        final boolean isAll = steps < 2;
        final boolean needsNorth = isAll || !(top(row) > shape.north());
        final boolean needsSouth = isAll || !(bottom(row) < shape.south());
        final boolean needsEast = isAll || !(right(column) > shape.east());
        final boolean needsWest = isAll || !(left(column) < shape.west());
        count = 0;
        long last = -1;
        for (int i = 0; i < EAST.length; i++)
        {
            final boolean isNeeded = (needsNorth || 1 != NORTH[i]) && (needsSouth || -1 != NORTH[i]) &&
                (needsEast || 1 != EAST[i]) && (needsWest || -1 != EAST[i]);
            final long cell = GeoHash.join(beside(column, EAST[i]), beside(row, NORTH[i]));
            // Of large cells one may lie on both sides.
            if (isNeeded && cell != last)
            {
                cells[count++] = cell;
                last = i > 0 ? cell : -1;
            }
        }
    }

    int count()
    {
        return count;
    }

    /** The least score in a cell. */
    double first(final int index)
    {
        return cells[index] << 2 * (GeoHash.STEPS - steps);
    }

    /** The least score behind a cell. */
    double end(final int index)
    {
        return cells[index] + 1 << 2 * (GeoHash.STEPS - steps);
    }

    /** Halvings that leave cells as wide as that or wider. */
    private static int steps(final double meters, final double latitude)
    {
        if (0 == meters)
        {
            return GeoHash.STEPS;
        }

        int found = -1;
        for (double width = meters; width < MAP_MAX; width *= 2)
        {
            found++;
        }

        final double fromEquator = Math.abs(latitude);
        found -= fromEquator > NARROWER_LATITUDE ? 2 : fromEquator > NARROW_LATITUDE ? 1 : 0;
        return Math.max(1, Math.min(GeoHash.STEPS, found));
    }

    private void locate(final GeoShape shape)
    {
        column = GeoHash.number(shape.longitude, GeoHash.LONGITUDE_MAX, steps);
        row = GeoHash.number(shape.latitude, GeoHash.LATITUDE_MAX, steps);
    }

    /** False if the shape reaches beyond a neighbour. */
    private boolean isCovered(final GeoShape shape)
    {
        return !(top(beside(row, 1)) < shape.north()) && !(bottom(beside(row, -1)) > shape.south()) &&
            !(right(beside(column, 1)) < shape.east()) && !(left(beside(column, -1)) > shape.west());
    }

    /** The number of a column or row beside another; behind the last one comes the first. */
    private long beside(final long number, final int distance)
    {
        return 0 == distance ? number : number + distance & (1L << steps) - 1;
    }

    private double left(final long number)
    {
        return GeoHash.begin(number, GeoHash.LONGITUDE_MAX, steps);
    }

    private double right(final long number)
    {
        return GeoHash.begin(number + 1, GeoHash.LONGITUDE_MAX, steps);
    }

    private double bottom(final long number)
    {
        return GeoHash.begin(number, GeoHash.LATITUDE_MAX, steps);
    }

    private double top(final long number)
    {
        return GeoHash.begin(number + 1, GeoHash.LATITUDE_MAX, steps);
    }
}
