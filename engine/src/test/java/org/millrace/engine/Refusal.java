package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.guard.MemoryGuard;

/** What is wrong is refused by an invariant, which says so. */
public final class Refusal
{
    private Refusal()
    {
    }

    /** Whether preconditions that are too hot to be checked always, and memory itself, are checked in this run. */
    public static boolean isChecked()
    {
        return Boolean.getBoolean("millrace.memory.checked");
    }

    /** @return all that was said. */
    public static String of(final String part, final Executable wrong)
    {
        final String message = assertThrows(InvariantError.class, wrong).getMessage();
        assertTrue(message.contains(part), message);
        MemoryGuard.takeViolation();
        return message;
    }

    /** As {@link #of}, of what is checked in checked mode only; otherwise it is not tried. */
    public static void inCheckedMode(final String part, final Executable wrong)
    {
        if (isChecked())
        {
            of(part, wrong);
        }
    }
}
