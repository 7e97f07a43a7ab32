package org.millrace.io.lua.run;

/** {@code x = value}. */
public final class Assignment extends Statement
{
    private final Target target;
    private final Expression value;

    /** Table, key and value, if getting at the target calls functions; else null. */
    private final Arguments parts;

    /** Evaluated already when a coroutine was suspended in the value. */
    private record Place(Object table, Object key)
    {
    }

    public Assignment(final int line, final Target target, final Expression value)
    {
        super(line);
        this.target = target;
        this.value = value;
        final Expression[] place = target.place();
        parts = Expression.isAnyCalling(place) ? Arguments.single(place[0], place[1], value) : null;
    }

    @Override
    public int exec(final Frame frame)
    {
        if (null != parts)
        {
            return assign(frame, parts.evalAll(frame, 0));
        }

        return assign(frame, target.table(frame), target.key(frame), false);
    }

    /** @param isResumed true: a coroutine was suspended in the value. */
    private int assign(final Frame frame, final Object table, final Object key, final boolean isResumed)
    {
        final Object assigned;
        try
        {
            assigned = isResumed ? value.resume(frame) : value.eval(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, new Place(table, key));
            throw e;
        }

        target.assign(frame, table, key, assigned);
        return NEXT;
    }

    private int assign(final Frame frame, final Object[] all)
    {
        target.assign(frame, all[0], all[1], all[2]);
        return NEXT;
    }

    @Override
    int resume(final Frame frame)
    {
        if (null != parts)
        {
            return assign(frame, parts.resumeAll(frame));
        }

        final Place place = (Place)frame.kept();
        return assign(frame, place.table, place.key, true);
    }
}
