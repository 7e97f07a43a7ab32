package org.millrace.engine.replication.replica;

import java.util.Map;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * Loads images of a made-up format, so that tests see each byte of a resync: {@code head|key=value;key=value;!} and
 * {@code ?} for something that cannot be loaded, {@code %} for something that no node of this kind can load, {@code @} for more than any memory holds, {@code #} for something that there is no memory for.
 */
final class ScriptedLoader implements PayloadLoader
{
    private final Map<String, String> target;
    private final boolean isStoring;
    private final StringBuilder text = new StringBuilder();
    private RdbLoader.State state = RdbLoader.State.LOADING;
    private boolean isAtData;
    private boolean hasStarted;
    private long keys;
    private int streamDb = -1;
    private boolean isUnheld;
    private long dataBytes;

    /** @param isStoring false for one that only looks. */
    ScriptedLoader(final Map<String, String> target, final boolean isStoring)
    {
        this.target = target;
        this.isStoring = isStoring;
    }

    @Override
    public int consume(final long address, final int length)
    {
        int taken = 0;
        while (taken < length && RdbLoader.State.LOADING == state && (!isAtData || hasStarted))
        {
            take((char)Memory.getUnsignedByte(address + taken));
            taken++;
        }

        return taken;
    }

    private void take(final char c)
    {
        switch (c)
        {
            case '|' :
                isAtData = true;
                if (text.toString().startsWith("db"))
                {
                    streamDb = Integer.parseInt(text.substring(2));
                }

                text.setLength(0);
                break;

            case ';' :
                final int equals = text.indexOf("=");
                target.put("0:" + text.substring(0, equals), text.substring(equals + 1));
                keys++;
                text.setLength(0);
                break;

            case '!' :
                state = RdbLoader.State.DONE;
                break;

            case '?' :
                state = RdbLoader.State.FAILED;
                break;

            case '#' :
                state = isStoring ? RdbLoader.State.FAILED : state;
                break;

            case '@' :
                dataBytes = 1L << 60;
                break;

            case '%' :
                state = RdbLoader.State.FAILED;
                isUnheld = true;
                break;

            default :
                text.append(c);
                break;
        }
    }

    @Override
    public boolean isAtData()
    {
        return isAtData && !hasStarted;
    }

    @Override
    public void startData()
    {
        hasStarted = true;
    }

    @Override
    public RdbLoader.State state()
    {
        return state;
    }

    @Override
    public String error()
    {
        return RdbLoader.State.FAILED == state ? "unknown type 99 of key 'strange'" : null;
    }

    @Override
    public boolean isUnheld()
    {
        return isUnheld;
    }

    @Override
    public int streamDb()
    {
        return streamDb;
    }

    @Override
    public String producer()
    {
        return "7.2.5";
    }

    @Override
    public long keysLoaded()
    {
        return keys;
    }

    @Override
    public long dataBytes()
    {
        return dataBytes;
    }

    @Override
    public void close()
    {
    }
}
