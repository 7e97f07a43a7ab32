package org.millrace.engine;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How much Lincheck does: little in each build, much with the profile {@code nightly}. Model checking walks through
 * interleavings of what it can see, which is fields, array elements and calls that are atomic; memory outside the heap
 * it sees only as far as it goes through such calls. Stress runs the same scenarios on real threads.
 */
public final class Lincheck
{
    private static final boolean IS_NIGHTLY = Boolean.getBoolean("millrace.nightly");
    private static final int ACTORS = 4;
    private static final String GUARD = "org.millrace.engine.guard.";

    private Lincheck()
    {
    }

    public static StressOptions stress(final int threads, final Class<?> specification)
    {
        return new StressOptions()
            .threads(threads)
            .actorsPerThread(ACTORS)
            .actorsBefore(2)
            .actorsAfter(2)
            .iterations(IS_NIGHTLY ? 200 : 6)
            .invocationsPerIteration(IS_NIGHTLY ? 20_000 : 500)
            .minimizeFailedScenario(false)
            .sequentialSpecification(specification);
    }

    public static ModelCheckingOptions modelChecking(final int threads, final Class<?> specification)
    {
        return new ModelCheckingOptions()
            // It puts static state back after each invocation, but not the memory that this state tells of.
            .addGuarantee(
                ManagedStrategyGuaranteeKt.forClasses(GUARD + "MemoryGuard", GUARD + "GuardedHeap").allMethods()
                    .ignore())
            .threads(threads)
            .actorsPerThread(ACTORS)
            .actorsBefore(1)
            .actorsAfter(1)
            .iterations(IS_NIGHTLY ? 100 : 4)
            .invocationsPerIteration(IS_NIGHTLY ? 10_000 : 200)
            .minimizeFailedScenario(false)
            .sequentialSpecification(specification);
    }
}
