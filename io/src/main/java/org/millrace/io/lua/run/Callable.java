package org.millrace.io.lua.run;

/** An expression that calls a function. */
interface Callable
{
    /** As the last thing that a function does: a {@link TailCall}, or the results if it was done at once. */
    Object tailCall(Frame frame);

    /** Go on where a coroutine was suspended in {@link #tailCall}. */
    Object resumeTail(Frame frame);
}
