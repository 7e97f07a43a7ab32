package org.millrace.engine.commands;

/**
 * Where places are looked for: a circle, or a box along the parallels, round a center. Lengths are in the unit that the
 * command names. Filled for one search after the other; writer thread.
 */
final class GeoShape
{
    /** Mean radius of the earth, meters, to as many digits as Redis has. */
    private static final double EARTH_RADIUS = 6372797.560856;

    /** One degree in radians. */
    private static final double DEGREE = Math.PI / 180.0;

    double longitude;
    double latitude;
    boolean isBox;
    double radius;
    double width;
    double height;

    /** Meters of a unit. */
    double unit;

    void clear()
    {
        longitude = 0;
        latitude = 0;
        isBox = false;
        radius = 0;
        width = 0;
        height = 0;
        unit = 0;
    }

    /** Meters between two places. */
    static double distance(
        final double longitude1, final double latitude1, final double longitude2, final double latitude2)
    {
        final double east1 = longitude1 * DEGREE;
        final double east2 = longitude2 * DEGREE;
        final double v = Math.sin((east2 - east1) / 2);
        if (0 == v)
        {
            return distance(latitude1, latitude2);
        }

        final double north1 = latitude1 * DEGREE;
        final double north2 = latitude2 * DEGREE;
        final double u = Math.sin((north2 - north1) / 2);
        final double a = u * u + Math.cos(north1) * Math.cos(north2) * v * v;
        return 2.0 * EARTH_RADIUS * Math.asin(Math.sqrt(a));
    }

    /** Meters along a meridian. */
    private static double distance(final double latitude1, final double latitude2)
    {
        return EARTH_RADIUS * Math.abs(latitude2 * DEGREE - latitude1 * DEGREE);
    }

    /** Meters from the center to a place; less than 0 if it lies outside. */
    double distanceWithin(final double toLongitude, final double toLatitude)
    {
        if (isBox)
        {
            final boolean isOutside = distance(toLatitude, latitude) > height * unit / 2 ||
                distance(toLongitude, toLatitude, longitude, toLatitude) > width * unit / 2;
            return isOutside ? -1 : distance(longitude, latitude, toLongitude, toLatitude);
        }

        final double distance = distance(longitude, latitude, toLongitude, toLatitude);
        return distance > radius * unit ? -1 : distance;
    }

    /** Meters from the center to what is farthest from it. */
    double reach()
    {
        final double reach = isBox ? Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)) : radius;
        return reach * unit;
    }

    double north()
    {
        return latitude + latitudeReach();
    }

    double south()
    {
        return latitude - latitudeReach();
    }

    double east()
    {
        return longitude + longitudeReach();
    }

    double west()
    {
        return longitude - longitudeReach();
    }

    private double latitudeReach()
    {
        return unit * (isBox ? height / 2 : radius) / EARTH_RADIUS / DEGREE;
    }

    /** At the side that is nearer to the pole, where a degree is shortest. */
    private double longitudeReach()
    {
        final double nearPole = latitude < 0 ? latitude - latitudeReach() : latitude + latitudeReach();
        return unit * (isBox ? width / 2 : radius) / EARTH_RADIUS / Math.cos(nearPole * DEGREE) / DEGREE;
    }
}
