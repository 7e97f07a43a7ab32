package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Settings;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** LATENCY: what took too long is recorded by its event, and the doctor says what to do about it. */
class LatencyMonitorTest
{
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(
        new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1, "latency-monitor-threshold", "100",
        "slowlog-log-slower-than", "-1");
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldRecordCommandsThatTakeLong()
    {
        client.ask("DEBUG SLEEP 0.3");
        clock.advanceMs(1000);
        client.ask("DEBUG SLEEP 0.5");
        client.ask("PING");
        final String latest = client.ask("LATENCY LATEST");
        assertTrue(latest.startsWith("*1\r\n*4\r\n$7\r\ncommand\r\n:17000000"), latest);
        assertTrue(latest.endsWith(":500\r\n:500\r\n"), latest);
        assertTrue(client.ask("LATENCY HISTORY command").matches("(?s)\\*2\r\n.*:300\r\n.*:500\r\n"));
        assertEquals("*0\r\n", client.ask("LATENCY HISTORY COMMAND"));
        assertTrue(client.ask("LATENCY GRAPH command").contains("high 500 ms, low 300 ms (all time high 500 ms)"));
        assertEquals(
            "-ERR No samples available for event 'COMMAND'\r\n", client.ask("LATENCY GRAPH COMMAND"));
        assertEquals(":0\r\n", client.ask("LATENCY RESET other COMMAND"));
        assertEquals(":1\r\n", client.ask("LATENCY RESET command"));
        assertEquals("*0\r\n", client.ask("LATENCY LATEST"));
    }

    @Test
    void shouldKeepTheWorstOfASecondAndTheLast160()
    {
        final LatencyEvent event = new LatencyEvent();
        event.add(1, 900);
        event.add(1, 100);
        assertEquals(1, event.size());
        assertEquals(900, event.durationMs(0));
        for (int second = 2; second <= 200; second++)
        {
            event.add(second, second);
        }

        assertEquals(160, event.size());
        assertEquals(41, event.second(0));
        assertEquals(200, event.durationMs(159));
        assertEquals(900, event.maxMs());
        assertEquals(120, event.averageMs());
        assertEquals(40, event.deviationMs());
        assertEquals(1.0, event.periodSeconds(201), 0.01);
    }

    @Test
    void shouldTimeStagesOfATurnWhileItIsAskedTo()
    {
        final Settings settings = new Settings();
        final LatencyMonitor monitor = new LatencyMonitor();
        final StageTimes stages = new StageTimes(
            settings, clock, (event, durationNs) -> monitor.add(event, clock.wallMs(), durationNs / 1_000_000));
        stages.begin();
        clock.advanceMs(500);
        assertEquals(7, stages.end(StageTimes.EXPIRE, 7));
        assertTrue(monitor.events().isEmpty());

        settings.latencyMs = 100;
        stages.begin();
        clock.advanceMs(99);
        stages.end(StageTimes.EXPIRE, 1);
        clock.advanceMs(100);
        stages.end(StageTimes.COMPACT, 1);
        assertEquals(1, monitor.events().size());
        assertEquals(100, monitor.events().get("active-defrag-cycle").maxMs());
    }

    @Test
    void shouldAdviseByWhatHappened()
    {
        client.ask("DEBUG SLEEP 0.3");
        final String report = client.ask("LATENCY DOCTOR");
        assertTrue(
            report.contains("1. command: 1 latency spikes (average 300ms, mean deviation 0ms, period 1.00 sec). " +
                "Worst all time event 300ms.\n"),
            report);
        assertTrue(report.contains("CONFIG SET slowlog-log-slower-than 100000."), report);
        assertTrue(report.contains("SLOWLOG GET"), report);

        final LatencyMonitor monitor = new LatencyMonitor();
        final Settings settings = new Settings();
        final LatencyDoctor doctor = new LatencyDoctor(monitor);
        assertTrue(doctor.report(settings, 1).contains("CONFIG SET latency-monitor-threshold"));
        settings.latencyMs = 10;
        assertTrue(doctor.report(settings, 1).startsWith("Nothing has taken 10 ms"));
        for (final String[] expected : new String[][]{
            {"fast-command", "--intrinsic-latency"}, {"expire-cycle", "jitter"}, {"eviction-cycle", "maxmemory"},
            {"snapshot-cycle", "--threading dedicated"}, {"replication-cycle", "primary's slow log"},
            {"active-defrag-cycle", "did not get to run"}, {"aof-write", "disk"}})
        {
            final LatencyMonitor one = new LatencyMonitor();
            one.add(expected[0], 1000, 50);
            final String text = new LatencyDoctor(one).report(settings, 2);
            assertTrue(text.contains("1. " + expected[0]) && text.contains(expected[1]), text);
        }
    }
}
