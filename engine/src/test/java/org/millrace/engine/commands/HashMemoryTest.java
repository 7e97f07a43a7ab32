package org.millrace.engine.commands;

import org.millrace.engine.value.Thresholds;

class HashMemoryTest extends ShortMemory
{
    @Override
    void limit(final Thresholds thresholds)
    {
        thresholds.hashEntries = 20;
    }

    @Override
    String line()
    {
        final String key = "h" + random.nextInt(6);
        return switch (random.nextInt(8))
        {
            case 0, 1, 2 -> "HSET " + key + pairs(1 + random.nextInt(6));
            case 3 -> "HSET " + key + " f" + random.nextInt(40) + " " + "x".repeat(1 + random.nextInt(900));
            case 4 -> "HDEL " + key + " f" + random.nextInt(40) + " f" + random.nextInt(40);
            case 5 -> "HINCRBY " + key + " n" + random.nextInt(5) + " 7";
            case 6 -> "HSETNX " + key + pairs(1);
            default -> random.nextInt(20) > 0 ? "HINCRBYFLOAT " + key + " d 0.5" : "DEL " + key;
        };
    }

    private String pairs(final int count)
    {
        final StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            pairs.append(" f").append(random.nextInt(40)).append(" v").append(random.nextInt());
        }

        return pairs.toString();
    }
}
