package org.millrace.engine.memory;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.millrace.engine.guard.MemoryGuard;

/**
 * Every test gives back what off-heap memory it has taken: counts live blocks before the test's object is made and
 * after its last clean-up. Applies to all tests of this module, see {@code junit-platform.properties}.
 */
public final class MemoryLedger implements TestInstancePreConstructCallback, AfterEachCallback
{
    private static long liveBefore;

    @Override
    public void preConstructTestInstance(final TestInstanceFactoryContext factory, final ExtensionContext context)
    {
        liveBefore = Memory.liveBlocks();
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        if (context.getRequiredTestClass().isAnnotationPresent(KeepsMemory.class))
        {
            return;
        }

        final String violation = MemoryGuard.takeViolation();
        if (null != violation && context.getExecutionException().isEmpty())
        {
            throw new AssertionError("a violation that nobody has reported: " + violation);
        }

        final long left = Memory.liveBlocks() - liveBefore;
        if (0 != left && context.getExecutionException().isEmpty())
        {
            throw new AssertionError("off-heap blocks left by " + context.getDisplayName() + ": " + left);
        }
    }
}
