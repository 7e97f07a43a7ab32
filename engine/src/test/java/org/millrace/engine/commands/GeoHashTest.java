package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeoHashTest
{
    /** A search must not miss a place; nearer to the poles than this, Redis's way does. */
    private static final double SURE_LATITUDE = 70;

    @ParameterizedTest
    @CsvSource({
        "13.361389, 38.115556, 3479099956230698", "15.087269, 37.502669, 3479447370796909", "0, 0, 3377699720527872",
        "-180, -85.05112878, 0", "180, 85.05112878, 13510798882111488"})
    void shouldMakeRedisScores(final double longitude, final double latitude, final long score)
    {
        assertEquals(score, GeoHash.encode(longitude, latitude, GeoHash.STEPS));
    }

    @Test
    void shouldKeepPlacesToTheirCell()
    {
        final long bits = GeoHash.encode(13.361389, 38.115556, GeoHash.STEPS);
        assertEquals(13.36138933897018433, GeoHash.longitude(bits));
        assertEquals(38.11555639549629859, GeoHash.latitude(bits));
    }

    @ParameterizedTest
    @CsvSource({
        "3479099956230698.0, 3479099956230698", "-1.5, -1", "1e19, -8446744073709551616", "Infinity, 0",
        "-Infinity, -9223372036854775808", "9223372036854775808, -9223372036854775808"})
    void shouldTakeAnyScoreForBits(final double score, final long bits)
    {
        assertEquals(bits, GeoHash.bits(score));
    }

    @Test
    void shouldKnowItsBounds()
    {
        assertTrue(GeoHash.isPlace(-180, 85.05112878));
        assertFalse(GeoHash.isPlace(180.0000001, 0));
        assertFalse(GeoHash.isPlace(0, -85.0511288));
    }

    @Test
    void shouldCoverWhatLiesWithinAShape()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final GeoShape shape = new GeoShape();
        final GeoCells cells = new GeoCells();
        for (int i = 0; i < 3000; i++)
        {
            fill(shape, random);
            cells.cover(shape);
            for (int j = 0; j < 20; j++)
            {
                final double longitude = Math.max(-180, Math.min(180, shape.longitude + random.nextGaussian() * 0.2));
                final double latitude = shape.latitude + random.nextGaussian() * 0.2;
                if (shape.distanceWithin(longitude, latitude) >= 0)
                {
                    assertTrue(isCovered(cells, GeoHash.encode(longitude, latitude, GeoHash.STEPS)),
                        "seed " + seed + ", shape " + i + ": " + longitude + " " + latitude);
                }
            }
        }
    }

    private static void fill(final GeoShape shape, final Random random)
    {
        shape.clear();
        shape.longitude = (random.nextDouble() * 2 - 1) * 170;
        shape.latitude = (random.nextDouble() * 2 - 1) * SURE_LATITUDE;
        shape.unit = 1;
        shape.isBox = random.nextBoolean();
        shape.radius = random.nextInt(30_000);
        shape.width = random.nextInt(60_000);
        shape.height = random.nextInt(60_000);
    }

    private static boolean isCovered(final GeoCells cells, final double score)
    {
        for (int i = 0; i < cells.count(); i++)
        {
            if (score >= cells.first(i) && score < cells.end(i))
            {
                return true;
            }
        }

        return false;
    }
}
