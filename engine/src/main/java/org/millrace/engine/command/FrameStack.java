package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * The commands that run, each within the one before it: EXEC, and what it runs. The outermost is the unit: what all of
 * them put into the stream is framed as one, at one time. Frames are made once and used again. Writer thread.
 */
final class FrameStack
{
    /** Deepest nesting: room for a function that a script calls within EXEC, and some more. */
    static final int DEPTH_MAX = 8;

    private final CommandContext[] frames = new CommandContext[DEPTH_MAX];
    private int depth;

    FrameStack(final WriterState writer)
    {
        CommandContext outer = null;
        for (int i = 0; i < DEPTH_MAX; i++)
        {
            outer = new CommandContext(writer, outer);
            frames[i] = outer;
        }
    }

    /** There is no room for a further {@link #push}. */
    boolean isFull()
    {
        return DEPTH_MAX == depth;
    }

    /** A command begins to run, within the one whose frame is on top. */
    CommandContext push(
        final Session session, final CommandSpec row, final ArgVector args, final ReplyWriter reply)
    {
        final CommandContext frame = frames[depth++];
        frame.begin(session, row, args, reply);
        return frame;
    }

    /** It has run. */
    void pop()
    {
        frames[--depth].end();
    }

    /** An exception has ended what ran within this one: what that had propagated is this one's too. */
    void popTo(final CommandContext frame)
    {
        while (frames[depth - 1] != frame)
        {
            pop();
        }
    }

    /** The frame of the command that runs. */
    boolean isTop(final CommandContext frame)
    {
        return depth > 0 && frame == frames[depth - 1];
    }

    /** True if one of the commands that run may have changed something and not the rest of it. */
    boolean isWriting()
    {
        for (int i = 0; i < depth; i++)
        {
            if (frames[i].spec().has(CommandFlags.WRITE))
            {
                return true;
            }
        }

        return false;
    }

    /** None of them runs any more: an exception has ended them. */
    void clear()
    {
        depth = 0;
    }
}
