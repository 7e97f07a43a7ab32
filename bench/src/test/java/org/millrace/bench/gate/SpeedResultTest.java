package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How two sessions become one verdict. */
class SpeedResultTest
{
    @ParameterizedTest
    @CsvSource({"SLOWER,SLOWER", "SAME,SAME", "FASTER,SAME", "TOO_NOISY,TOO_NOISY"})
    void shouldNeedASecondSessionForASlowdown(final Verdict second, final Verdict expected)
    {
        final SpeedResult first = result("set", true, Verdict.SLOWER);
        final List<SpeedResult> seconds = List.of(
            result("get", true, Verdict.SAME), result("set", false, Verdict.SAME), result("set", true, second));

        // A session has its own list of kinds of work.
        final SpeedResult confirmed = SpeedGate.confirmed(first, seconds);

        assertEquals(second, confirmed.second().verdict());
        assertEquals(expected, confirmed.verdict());
    }

    @Test
    void shouldLeaveWhatIsNotSlowerAlone()
    {
        final SpeedResult first = result("set", true, Verdict.SAME);

        assertSame(first, SpeedGate.confirmed(first, List.of(result("set", true, Verdict.SLOWER))));
        assertNull(first.second());
    }

    @Test
    void shouldJudgeARunByItsWorst()
    {
        assertEquals(Verdict.SLOWER, Proof.worst(List.of(Verdict.SAME, Verdict.TOO_NOISY, Verdict.SLOWER)));
        assertEquals(Verdict.TOO_NOISY, Proof.worst(List.of(Verdict.FASTER, Verdict.TOO_NOISY)));
        assertEquals(Verdict.SAME, Proof.worst(List.of(Verdict.FASTER, Verdict.SAME)));
    }

    private static SpeedResult result(final String name, final boolean isCpu, final Verdict verdict)
    {
        final SpeedCase work = SpeedCases.all().stream().filter((each) -> each.name().equals(name)).findFirst()
            .orElseThrow();
        final SpeedFinding finding = new SpeedFinding(0.1, new Interval(0.09, 0.11), 0, 0.01, 0.03, 100, verdict);
        return new SpeedResult(work, isCpu, 110, 100, finding, null, 100, 0);
    }
}
