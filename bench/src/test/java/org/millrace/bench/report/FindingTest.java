package org.millrace.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

class FindingTest
{
    @Test
    void shouldJudgeRatiosAndValues()
    {
        assertEquals("reached", Goal.ratioAtLeast(1.7).verdict(5, 1.7));
        assertEquals("missed", Goal.ratioAtLeast(1.7).verdict(5, 1.69));
        assertEquals("missed", Goal.ratioAtMost(0.5).verdict(0.1, 0.6));
        assertEquals("reached", Goal.atMost(64, "MiB").verdict(64, 9));
        assertEquals("missed", Goal.atLeast(3e6, "/s").verdict(2e6, 9));
        assertEquals("-", Goal.atMost(1, "").verdict(Double.NaN, 1));
        assertEquals("-", Goal.ratioAtMost(1).verdict(1, Double.NaN));
        assertEquals("-", Goal.NONE.verdict(1, 1));
    }

    @Test
    void shouldSortByRowAndLeavePeersWithoutGoal()
    {
        final ScenarioResult late = new ScenarioResult("late", "?");
        late.findings(7, "CPU", "us", List.of("peer", "own"), 1, new double[]{2, 1.5}, null,
            (label) -> Goal.atMost(1, "us"), (label) -> "own".equals(label) ? "busy in 1 of 4" : "quiet");
        final ScenarioResult early = new ScenarioResult("early", "?");
        early.findings(2, "rate", "/s", List.of("peer", "own"), 1, new double[]{1_000, 2_500},
            new double[]{1, 2.4}, (label) -> Goal.ratioAtLeast(2), (label) -> "");

        final Table table = Finding.table(List.of(late, early));
        final String markdown = table.toMarkdown();
        assertEquals("""
            | row | measure | server | value | x peer | goal | verdict | machine |
            |---:|---|---|---|---:|---|---|---|
            | 2 | rate | peer | 1,000 /s | 1.00 | - | - | - |
            | 2 | rate | own | 2,500 /s | 2.40 | at least 2 x peer | reached | - |
            | 7 | CPU | peer | 2.00 us | 1.00 | - | - | quiet |
            | 7 | CPU | own | 1.50 us | 0.75 | at most 1 us | missed | busy in 1 of 4 |
            """, markdown.substring(0, markdown.indexOf("\n\n") + 1));
        assertTrue(table.notes().get(1).contains("not the ratio of the two medians"), table.notes().toString());
    }

    @Test
    void shouldHaveNoRatiosWithoutPeers()
    {
        final ScenarioResult result = new ScenarioResult("alone", "?");
        result.findings(1, "rate", "/s", List.of("own"), 0, new double[]{10}, null, (label) -> Goal.ratioAtLeast(1),
            (label) -> "");

        assertEquals("-", result.findings().get(0).verdict());
        assertEquals(Double.NaN, result.findings().get(0).ratio());
    }
}
