package org.millrace.engine.commands;

import org.millrace.engine.value.Thresholds;

class SetMemoryTest extends ShortMemory
{
    @Override
    void limit(final Thresholds thresholds)
    {
        thresholds.setIntset = 60;
        thresholds.setEntries = 80;
    }

    @Override
    String line()
    {
        final String key = key();
        return switch (random.nextInt(16))
        {
            case 0, 1, 2 -> "SADD " + key + members(1 + random.nextInt(30));
            case 3 -> "SADD " + key + " " + "x".repeat(1 + random.nextInt(900));
            case 4 -> "SREM " + key + members(6);
            case 5, 6 -> "SMOVE " + key + " " + key() + member();
            case 7 -> "SPOP " + key + " " + random.nextInt(60);
            case 8 -> "SPOP " + key;
            case 9 -> "SUNIONSTORE " + key + " " + key() + " " + key();
            case 10 -> "SDIFFSTORE " + key + " " + key() + " " + key();
            case 11 -> "SINTERSTORE " + key + " " + key() + " " + key();
            case 12 -> "SORT " + key() + " ALPHA STORE l";
            case 13 -> "COPY " + key() + " " + key + " REPLACE";
            case 14 -> "RENAME " + key() + " " + key;
            default -> random.nextInt(20) > 0 ? "SADD " + key + numbers(20) : "DEL " + key;
        };
    }

    private String key()
    {
        return "s" + random.nextInt(6);
    }

    private String member()
    {
        final int number = random.nextInt(150);
        return " " + (number < 70 ? Integer.toString(number) : "member" + number);
    }

    private String members(final int count)
    {
        final StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            members.append(member());
        }

        return members.toString();
    }

    private String numbers(final int count)
    {
        final StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            numbers.append(' ').append(random.nextInt(70));
        }

        return numbers.toString();
    }
}
