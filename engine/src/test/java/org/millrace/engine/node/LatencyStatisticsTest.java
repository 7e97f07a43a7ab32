package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** latency-tracking as clients see it; the clock stands still, so every command takes the least that is counted. */
class LatencyStatisticsTest
{
    private static final String OK = "+OK\r\n";
    private static final String CDF_OF_GET = "$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:2\r\n$14\r\nhistogram_usec\r\n*2\r\n:1\r\n:2\r\n";

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldShowPercentilesOfEachCommandThatRan()
    {
        client.ask("GET a");
        client.ask("CONFIG GET port");
        assertEquals(
            "# Latencystats\r\nlatency_percentiles_usec_get:p50=0.001,p99=0.001,p99.9=0.001\r\n" +
                "latency_percentiles_usec_config|get:p50=0.001,p99=0.001,p99.9=0.001\r\n",
            info());
    }

    @Test
    void shouldShowThePercentilesThatAreAskedFor()
    {
        client.ask("GET a");
        assertEquals(OK, client.ask("CONFIG SET latency-tracking-info-percentiles '0 100.0 50.5'"));
        assertEquals(OK, client.ask("CONFIG RESETSTAT"));
        client.ask("GET a");
        assertEquals(
            "# Latencystats\r\nlatency_percentiles_usec_get:p0=0.001,p100=0.001,p50.5=0.001\r\n" +
                "latency_percentiles_usec_config|resetstat:p0=0.001,p100=0.001,p50.5=0.001\r\n",
            info());
    }

    @Test
    void shouldCountNothingWhileItIsOff()
    {
        assertEquals(OK, client.ask("CONFIG SET latency-tracking no"));
        assertEquals(OK, client.ask("CONFIG RESETSTAT"));
        client.ask("GET a");
        assertEquals("# Latencystats\r\n", info());
        assertEquals("*0\r\n", client.ask("LATENCY HISTOGRAM"));
    }

    @Test
    void shouldShowHistogramsOfThoseThatAreNamed()
    {
        client.ask("GET a");
        client.ask("GET a");
        client.ask("SET a 1");
        client.ask("CONFIG GET port");
        assertEquals("*2\r\n" + CDF_OF_GET, client.ask("LATENCY HISTOGRAM nosuch GET"));
        assertEquals(
            "*4\r\n" + CDF_OF_GET + CDF_OF_GET.replace("$3\r\nget", "$10\r\nconfig|get").replace(":2", ":1"),
            client.ask("LATENCY HISTOGRAM get config"));
    }

    private String info()
    {
        final String reply = client.ask("INFO latencystats");
        return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
    }
}
