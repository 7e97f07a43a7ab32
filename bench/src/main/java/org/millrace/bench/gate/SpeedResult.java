package org.millrace.bench.gate;

/**
 * What was found about one kind of work.
 *
 * @param work         kind of work.
 * @param isCpu        CPU time, else elapsed time.
 * @param candidateNs  median of the build that is judged, nanoseconds an operation.
 * @param controlNs    median of what it is compared with.
 * @param first        finding.
 * @param second       finding of a second session with fresh processes, which has to confirm a slowdown; null if the
 *                     first found none.
 * @param groupCount   groups of blocks measured in the first session.
 * @param droppedCount those of them dropped because the machine was disturbed.
 */
record SpeedResult(
    SpeedCase work,
    boolean isCpu,
    double candidateNs,
    double controlNs,
    SpeedFinding first,
    SpeedFinding second,
    int groupCount,
    int droppedCount)
{
    /** The same with what a second session has found. */
    SpeedResult with(final SpeedFinding confirmation)
    {
        return new SpeedResult(
            work, isCpu, candidateNs, controlNs, first, confirmation, groupCount, droppedCount);
    }

    /** What is measured. */
    String metric()
    {
        return isCpu ? "CPU" : "time";
    }

    /**
     * The conclusion. A slowdown is one only if both sessions say so: what processes that were started together have in
     * common is no property of the build.
     */
    Verdict verdict()
    {
        if (null == second || Verdict.SLOWER != first.verdict())
        {
            return first.verdict();
        }

        return second.verdict() == Verdict.FASTER ? Verdict.SAME : second.verdict();
    }

    /** The conclusion in words. */
    String verdictText()
    {
        return switch (verdict())
        {
            case SAME -> null == second ? "same" : "same (a slowdown was not confirmed)";
            case FASTER -> "faster";
            case SLOWER -> "SLOWER";
            case TOO_NOISY -> "too noisy";
        };
    }
}
