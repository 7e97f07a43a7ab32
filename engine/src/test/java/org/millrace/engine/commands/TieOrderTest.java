package org.millrace.engine.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;

/**
 * What is equal comes in the order in which the machine's redis-server has it, wherever a command cuts: such commands go
 * into the stream as they are, so a replica that cuts otherwise has other data.
 */
class TieOrderTest
{
    private static final int[] SIZES = {1, 2, 5, 6, 7, 8, 9, 13, 39, 40, 41, 64, 100, 300};

    private Random random;
    private RedisPeer redis;
    private CommandHarness harness;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldOrderEqualOnesAsRedisDoes(final long seed) throws Exception
    {
        random = new Random(seed);
        try (RedisPeer peer = RedisPeer.start(); CommandHarness ours = new CommandHarness())
        {
            redis = peer;
            harness = ours;
            DataCommands.register(harness.table);
            for (final int size : SIZES)
            {
                makeList(size);
                makeIntegers(size);
                makePlaces(size);
                for (int i = 0; i < 8; i++)
                {
                    sort("list");
                    sort("integers");
                    search(size);
                }
            }
        }
    }

    private void makeList(final int size) throws Exception
    {
        final List<String> elements = elements(size);
        check("DEL", "list");
        for (final String element : elements)
        {
            check("RPUSH", "list", element);
            check("DEL", "weight:" + element);
            if (0 != random.nextInt(4))
            {
                check("SET", "weight:" + element, "abc".substring(random.nextInt(3)).substring(0, 1));
            }
        }
    }

    /** Of sets, the order of intsets alone is known. */
    private void makeIntegers(final int size) throws Exception
    {
        check("DEL", "integers");
        for (final String element : elements(size))
        {
            check("SADD", "integers", element);
        }
    }

    private List<String> elements(final int size)
    {
        final List<String> elements = new ArrayList<>();
        for (int i = 0; i < size; i++)
        {
            elements.add(Integer.toString(i - size / 3));
        }

        Collections.shuffle(elements, random);
        return elements;
    }

    private void makePlaces(final int size) throws Exception
    {
        check("DEL", "places");
        for (int i = 0; i < size; i++)
        {
            check("GEOADD", "places", List.of("10", "10.001", "10.002", "9.999").get(random.nextInt(4)),
                0 == random.nextInt(3) ? "40.001" : "40", "member" + i);
        }
    }

    private void sort(final String key) throws Exception
    {
        check("SORT", key, "BY", "weight:*", "ALPHA", random.nextBoolean() ? "ASC" : "DESC", "LIMIT",
            "" + random.nextInt(30), "" + random.nextInt(30), "STORE", "result");
        check("LRANGE", "result", "0", "-1");
        check("SORT", key, "BY", "weight:*", "ALPHA", random.nextBoolean() ? "ASC" : "DESC");
    }

    private void search(final int size) throws Exception
    {
        final List<String> words = new ArrayList<>(
            List.of("GEOSEARCH", "places", "FROMLONLAT", "10", "40", "BYRADIUS", "100", "km"));
        switch (random.nextInt(4))
        {
            case 0 -> words.add("DESC");
            case 1 -> words.add("ASC");
            default -> {
            }
        }

        if (0 != random.nextInt(5))
        {
            words.addAll(List.of("COUNT", "" + (1 + random.nextInt(size + 1))));
            if (0 == random.nextInt(3))
            {
                words.add("ANY");
            }
        }

        check(words.toArray(new String[0]));
        words.set(0, "GEOSEARCHSTORE");
        words.add(1, "result");
        check(words.toArray(new String[0]));
        check("ZRANGE", "result", "0", "-1");
        check("DEL", "result");
    }

    private void check(final String... words) throws Exception
    {
        final byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            arguments[i] = words[i].getBytes(ISO_8859_1);
        }

        assertEquals(new String(redis.run(arguments), ISO_8859_1), harness.run(words), () -> String.join(" ", words));
    }
}
