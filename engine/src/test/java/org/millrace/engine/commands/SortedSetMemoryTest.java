package org.millrace.engine.commands;

import org.millrace.engine.value.Thresholds;

class SortedSetMemoryTest extends ShortMemory
{
    @Override
    void limit(final Thresholds thresholds)
    {
        thresholds.zsetEntries = 20;
    }

    @Override
    String line()
    {
        final String key = key();
        return switch (random.nextInt(14))
        {
            case 0, 1, 2 -> "ZADD " + key + pairs(1 + random.nextInt(6));
            case 3 -> "ZADD " + key + " 3 " + "x".repeat(1 + random.nextInt(900));
            case 4 -> "ZREM " + key + member() + member();
            case 5 -> "ZINCRBY " + key + " 0.5" + member();
            case 6 -> "ZREMRANGEBYRANK " + key + " 2 " + random.nextInt(9);
            case 7 -> "ZPOPMIN " + key + " " + random.nextInt(3);
            case 8 -> "ZMPOP 2 " + key() + " " + key + " MAX COUNT 2";
            case 9 -> "ZUNIONSTORE " + key + " 2 " + key() + " " + key();
            case 10 -> "ZINTER 2 " + key() + " " + key();
            case 11 -> "ZRANGESTORE " + key + " " + key() + " 0 " + random.nextInt(40);
            case 12 -> "ZREMRANGEBYSCORE " + key + " (1 1.5";
            default -> random.nextInt(20) > 0 ? "ZADD " + key + " XX GT" + pairs(2) : "DEL " + key;
        };
    }

    private String key()
    {
        return "z" + random.nextInt(6);
    }

    private String member()
    {
        return " m" + random.nextInt(60);
    }

    private String pairs(final int count)
    {
        final StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            pairs.append(' ').append(random.nextInt(20) / 4.0).append(member());
        }

        return pairs.toString();
    }
}
