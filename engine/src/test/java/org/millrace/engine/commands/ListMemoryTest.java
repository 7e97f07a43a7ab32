package org.millrace.engine.commands;

import org.millrace.engine.value.Thresholds;

class ListMemoryTest extends ShortMemory
{
    @Override
    void limit(final Thresholds thresholds)
    {
        thresholds.listSize = 200;
    }

    @Override
    String line()
    {
        final String key = key();
        return switch (random.nextInt(18))
        {
            case 0, 1, 2, 3 -> side() + "PUSH " + key + texts(1 + random.nextInt(40));
            case 4 -> side() + "PUSH " + key + " " + "x".repeat(1 + random.nextInt(900));
            case 5 -> "LREM " + key + " " + (random.nextInt(9) - 4) + text();
            case 6 -> "LREM " + key + " 0" + text();
            case 7, 8 -> "LMOVE " + key + " " + key() + (random.nextBoolean() ? " LEFT" : " RIGHT") +
                (random.nextBoolean() ? " LEFT" : " RIGHT");
            case 9 -> "LTRIM " + key + " " + random.nextInt(9) + " -" + (1 + random.nextInt(9));
            case 10 -> side() + "POP " + key + " " + random.nextInt(9);
            case 11 -> "LMPOP 2 " + key() + " " + key + " LEFT COUNT 2";
            case 12 -> "LINSERT " + key + " BEFORE" + text() + text();
            case 13 -> "LSET " + key + " " + random.nextInt(20) + text();
            case 14 -> "SORT " + key() + " ALPHA STORE " + key;
            case 15 -> "COPY " + key() + " " + key + " REPLACE";
            case 16 -> "RENAME " + key() + " " + key;
            default -> random.nextInt(20) > 0 ? "RPUSHX " + key + texts(100) : "DEL " + key;
        };
    }

    private String key()
    {
        return "l" + random.nextInt(6);
    }

    private String side()
    {
        return random.nextBoolean() ? "L" : "R";
    }

    private String text()
    {
        return " text" + random.nextInt(30);
    }

    private String texts(final int count)
    {
        final StringBuilder texts = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            texts.append(text());
        }

        return texts.toString();
    }
}
