package org.millrace.io.thread;

/**
 * What the thread of an agent looks at between turns, and rests on. All but {@link #wakeup} are called by that thread.
 *
 * <p>No work is missed, as the thread says that it is about to rest, looks for work once more and then rests, and who
 * makes work does that first and looks at the flag then: one of the two sees the other.
 */
public interface Parking
{
    /** Handle what has come from outside. @return how much that was. */
    int poll();

    /** True, with a full fence behind it: about to rest, so others must wake this thread; false: not any more. */
    void parking(boolean isAboutToPark);

    /**
     * Rest until something comes from outside, which is handled, {@link #wakeup} is called or the time is over. May
     * return early.
     *
     * @return how much was handled.
     */
    int block(long timeoutNs);

    /** Any thread, after the work that it made: let the thread look, if it rests or is about to. Cheap if it does not. */
    void wakeup();
}
