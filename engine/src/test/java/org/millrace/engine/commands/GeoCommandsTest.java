package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeoCommandsTest extends CommandsTest
{
    private static final String PALERMO = "13.361389 38.115556 Palermo";
    private static final String CATANIA = "15.087269 37.502669 Catania";
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    @BeforeEach
    void addPlaces()
    {
        check("GEOADD Sicily " + PALERMO + " " + CATANIA, ":2\r\n");
        harness.streamed();
        harness.events();
    }

    @Test
    void shouldGoOutAsTheScoresThatPlacesAre()
    {
        check("GEOADD Sicily nx CH " + PALERMO + " 13.583333 37.316667 Agrigento", ONE);
        assertEquals(
            "zadd Sicily nx CH 3479099956230698 Palermo 3479030013248308 Agrigento", harness.streamed());
        assertEquals(List.of("zadd Sicily@0"), harness.events());
        check("GEOADD Sicily XX CH 13.361 38.115556 Palermo 1 1 nobody", ONE);
        check("GEOADD Sicily XX CH 13.361 38.115556 Palermo", ZERO);
        check("GEOADD none XX 1 1 a", ZERO);
        check("EXISTS none", ZERO);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "GEOADD Sicily NX XX 1 1 a; -ERR syntax error",
        "GEOADD Sicily 1 1 a 1; -ERR syntax error",
        "GEOADD Sicily NX CH NX; -ERR syntax error",
        "GEOADD Sicily 181 1 a; -ERR invalid longitude,latitude pair 181.000000,1.000000",
        "GEOADD Sicily 1 1 a inf 1 b; -ERR invalid longitude,latitude pair inf,1.000000",
        "GEOADD Sicily -0 90 a; -ERR invalid longitude,latitude pair -0.000000,90.000000",
        "GEOADD Sicily -0.0000001 -90 a; -ERR invalid longitude,latitude pair -0.000000,-90.000000",
        "GEOADD Sicily x 1 a; -ERR value is not a valid float",
        "GEODIST Sicily Palermo Catania parsec; -ERR unsupported unit provided. please use M, KM, FT, MI",
        "GEODIST Sicily Palermo Catania m x; -ERR syntax error",
        "GEOSEARCH Sicily BYRADIUS 1 m ASC DESC; -ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH",
        "geosearch Sicily FROMLONLAT 1 1 ASC DESC; -ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYRADIUS 1 m ANY; -ERR the ANY argument requires COUNT argument",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYRADIUS 1 m COUNT 0; -ERR COUNT must be > 0",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYRADIUS -1 m; -ERR radius cannot be negative",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYRADIUS x m; -ERR need numeric radius",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYBOX 1 -1 m; -ERR height or width cannot be negative",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYBOX 1 x m; -ERR need numeric height",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYBOX x 1 m; -ERR need numeric width",
        "GEOSEARCH Sicily FROMLONLAT 1 1 FROMMEMBER a BYBOX 1 1 m; -ERR syntax error",
        "GEOSEARCH Sicily FROMMEMBER nobody BYBOX 1 1 m; -ERR could not decode requested zset member",
        "GEOSEARCH Sicily FROMLONLAT 1 1 BYBOX 1 1 m STORE k; -ERR syntax error",
        "GEOSEARCHSTORE k Sicily FROMLONLAT 1 1 BYBOX 1 1 m WITHDIST; -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options",
        "GEORADIUS Sicily 1 1 1 m STORE k WITHCOORD; -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options",
        "GEORADIUS_RO Sicily 1 1 1 m STORE k; -ERR syntax error",
    })
    void shouldRefuse(final String line, final String error)
    {
        check(line, error.trim() + "\r\n");
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldTellDistances()
    {
        check("GEODIST Sicily Palermo Catania", bulk("166274.1516"));
        check("GEODIST Sicily Palermo Catania km", bulk("166.2742"));
        check("GEODIST Sicily Palermo Catania MI", bulk("103.3182"));
        check("GEODIST Sicily Palermo nobody", NULL);
        check("GEODIST none a b", NULL);
    }

    @Test
    void shouldTellPlaces()
    {
        check("GEOHASH Sicily Palermo nobody Catania", array(bulk("sqc8b49rny0"), NULL, bulk("sqdtr74hyu0")));
        check("GEOPOS Sicily Palermo nobody", array(
            array(bulk("13.36138933897018433"), bulk("38.11555639549629859")), "*-1\r\n"));
        harness.session.protocol = 3;
        check("GEOPOS Sicily Palermo nobody", array(array(",13.36138933897018433\r\n", ",38.11555639549629859\r\n"),
            "_\r\n"));
    }

    @Test
    void shouldFindWhatIsNear()
    {
        check("GEORADIUS Sicily 15 37 200 km WITHDIST ASC", array(
            array(bulk("Catania"), bulk("56.4413")), array(bulk("Palermo"), bulk("190.4424"))));
        check("GEORADIUSBYMEMBER Sicily Palermo 100 km", array(bulk("Palermo")));
        check("GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km DESC", array(bulk("Palermo"), bulk("Catania")));
        check("GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 WITHHASH", array(
            array(bulk("Catania"), ":3479447370796909\r\n")));
        check("GEOSEARCH none FROMLONLAT 15 37 BYRADIUS 200 km", "*0\r\n");
    }

    @Test
    void shouldStoreWhatIsNear()
    {
        check("GEOSEARCHSTORE near Sicily FROMLONLAT 15 37 BYRADIUS 100 km", ONE);
        assertEquals("GEOSEARCHSTORE near Sicily FROMLONLAT 15 37 BYRADIUS 100 km", harness.streamed());
        assertEquals(List.of("new near@0", "geosearchstore near@0"), harness.events());
        check("GEODIST near Catania Catania", bulk("0.0000"));
        check("GEORADIUS Sicily 15 37 200 km STOREDIST near", ":2\r\n");
        assertEquals(List.of("georadiusstore near@0"), harness.events());
        check("TYPE near", "+zset\r\n");
        harness.streamed();
        check("GEOSEARCHSTORE near Sicily FROMLONLAT 0 0 BYRADIUS 1 km", ZERO);
        assertEquals(List.of("del near@0"), harness.events());
        check("EXISTS near", ZERO);
        harness.streamed();
        check("GEOSEARCHSTORE near none FROMLONLAT 0 0 BYRADIUS 1 km", ZERO);
        assertEquals("", harness.streamed());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GEOADD s 1 1 a", "GEODIST s a b", "GEOHASH s a", "GEOPOS s a", "GEORADIUS s 1 1 1 m",
        "GEORADIUSBYMEMBER s a 1 m",
        "GEOSEARCH s FROMLONLAT 1 1 BYRADIUS 1 m", "GEOSEARCHSTORE d s FROMLONLAT 1 1 BYRADIUS 1 m"})
    void shouldTellOtherTypesApart(final String line)
    {
        harness.line("SET s v");
        check(line, WRONG_TYPE);
    }
}
