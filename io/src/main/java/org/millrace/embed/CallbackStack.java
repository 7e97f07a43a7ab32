package org.millrace.embed;

/** What a thread of the node is doing in code of the program's. */
final class CallbackStack
{
    private final StackTraceElement[] frames;

    private CallbackStack(final StackTraceElement[] frames)
    {
        this.frames = frames;
    }

    static CallbackStack of(final Thread thread)
    {
        return new CallbackStack(thread.getStackTrace());
    }

    /**
     * It is in System.exit, called by a listener or by what hangs on a future. Not by a log, which may be called in the
     * middle of anything.
     */
    boolean isInExit()
    {
        return isIn(Runtime.class, "exit") && isIn(ForeignCode.class, "call") && !isIn(ProgramLog.class, null);
    }

    private boolean isIn(final Class<?> type, final String method)
    {
        for (final StackTraceElement frame : frames)
        {
            if (frame.getClassName().equals(type.getName()) && (null == method || frame.getMethodName().equals(method)))
            {
                return true;
            }
        }

        return false;
    }
}
