package org.millrace.engine.commands;

import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.value.Thresholds;

/** Streams with groups: what their groups have given must be the same as well. */
class StreamMemoryTest extends ShortMemory
{
    private static final int KEYS = 3;
    private static final int GROUPS = 3;
    private static final int CONSUMERS = 4;
    private static final int FILLED = 80;
    private long lastId = 1;

    /** What its groups have given takes long to compare. */
    @Override
    int commands()
    {
        return 600;
    }

    @Override
    void limit(final Thresholds thresholds)
    {
        thresholds.streamNodeEntries = 10;
    }

    @Override
    void fill(final CommandHarness harness)
    {
        for (int key = 0; key < KEYS; key++)
        {
            for (int group = 0; group < GROUPS; group++)
            {
                harness.line("XGROUP CREATE x" + key + " g" + group + " 0 MKSTREAM");
            }

            for (int i = 0; i < FILLED; i++)
            {
                lastId++;
                harness.line("XADD x" + key + " " + lastId + "-1 field " + "v".repeat(random.nextInt(90)));
            }

            harness.line("XREADGROUP GROUP g0 c0 COUNT 60 STREAMS x" + key + " >");
        }
    }

    @Override
    String line()
    {
        final String key = "x" + random.nextInt(KEYS);
        final String group = " g" + random.nextInt(GROUPS);
        final String ofGroup = key + group;
        lastId++;
        return switch (random.nextInt(20))
        {
            case 0, 1, 2 -> "XADD " + key + " " + lastId + "-1 field " + "v".repeat(random.nextInt(200));
            case 3 -> "XADD " + key + " MAXLEN " + random.nextInt(100) + " " + lastId + "-1 f v";
            case 4 -> "XADD " + key + " MINID ~ " + id() + " " + lastId + "-1 f v g w h x";
            case 5 -> "XDEL " + key + ids(1 + random.nextInt(6));
            case 6 -> "XTRIM " + key + " MAXLEN " + (30 + random.nextInt(100));
            case 7 -> "XTRIM " + key + " MINID " + (random.nextInt(4) == 0 ? id() : "20");
            case 8, 9, 10 -> "XREADGROUP GROUP" + group + consumer() + " COUNT " + (1 + random.nextInt(40)) +
                (random.nextInt(4) == 0 ? " NOACK" : "") + " STREAMS " + key + " >";
            case 11 -> "XACK " + ofGroup + ids(1 + random.nextInt(20));
            case 12 -> "XCLAIM " + ofGroup + consumer() + " 0" + ids(1 + random.nextInt(20)) + force();
            case 13 -> "XAUTOCLAIM " + ofGroup + consumer() + " 0 " + id() + " COUNT 20";
            case 14 -> "XGROUP DELCONSUMER " + ofGroup + consumer();
            case 15 -> random.nextInt(4) == 0 ? "XGROUP DESTROY " + ofGroup : "XLEN " + key;
            case 16 -> "XGROUP CREATE " + ofGroup + " " + id();
            case 17 -> "XGROUP SETID " + ofGroup + " " + id();
            case 18 ->
                random.nextInt(8) == 0 ? "COPY " + key + " x" + random.nextInt(KEYS) + " REPLACE" : "XLEN " + key;
            default -> "XGROUP CREATECONSUMER " + ofGroup + consumer();
        };
    }

    private String consumer()
    {
        return " c" + random.nextInt(CONSUMERS);
    }

    private String force()
    {
        return random.nextInt(3) == 0 ? " FORCE JUSTID" : random.nextInt(3) == 0 ? " LASTID " + id() : "";
    }

    private String id()
    {
        return (1 + random.nextLong(lastId + 1)) + "-1";
    }

    private String ids(final int count)
    {
        final StringBuilder ids = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            ids.append(' ').append(id());
        }

        return ids.toString();
    }

    /** A consumer that has nothing is not always told, as in Redis. */
    @Override
    String state(final CommandHarness harness)
    {
        final StringBuilder state = new StringBuilder(super.state(harness));
        for (int key = 0; key < KEYS; key++)
        {
            state.append(StreamStates.of(harness, "x" + key));
        }

        return state.toString();
    }
}
