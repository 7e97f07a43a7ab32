package org.millrace.engine.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatePoolTest
{
    private record Candidate(long score, long hash)
    {
    }

    private final CandidatePool pool = new CandidatePool();

    @Test
    void shouldGiveTheBestFirst()
    {
        pool.add(3, 30, 1, 300);
        pool.add(9, 90, 2, 900);
        pool.add(5, 50, 3, 500);
        pool.takeBest();
        assertEquals(90, pool.hash());
        assertEquals(2, pool.database());
        assertEquals(900, pool.clock());
        pool.takeBest();
        assertEquals(50, pool.hash());
        pool.takeBest();
        assertEquals(30, pool.hash());
        assertTrue(pool.isEmpty());
    }

    @Test
    void shouldKeepAKeyOnceButNotForAnotherDatabase()
    {
        pool.add(3, 30, 0, 1);
        pool.add(4, 30, 0, 2);
        pool.add(5, 30, 1, 3);
        pool.takeBest();
        assertEquals(3, pool.clock());
        pool.takeBest();
        assertEquals(1, pool.clock());
        assertTrue(pool.isEmpty());
    }

    @Test
    void shouldWantNoWorseOnesOnceFull()
    {
        for (int i = 0; i < CandidatePool.CAPACITY; i++)
        {
            assertTrue(pool.wants(0));
            pool.add(10 + i, i, 0, 0);
        }

        assertFalse(pool.wants(10));
        assertTrue(pool.wants(11));
        pool.clear();
        assertTrue(pool.isEmpty());
        assertTrue(pool.wants(0));
    }

    @Test
    void shouldKeepTheBestOfMany()
    {
        for (long seed = 1; seed <= 50; seed++)
        {
            final Random random = new Random(seed);
            final List<Candidate> model = new ArrayList<>();
            for (int i = 0; i < 300; i++)
            {
                if (random.nextInt(4) > 0)
                {
                    final Candidate next = new Candidate(random.nextInt(1000) * 1000L + i, i);
                    if (pool.wants(next.score))
                    {
                        pool.add(next.score, next.hash, 0, 0);
                    }

                    model.add(next);
                    model.sort(Comparator.comparingLong(Candidate::score));
                    if (model.size() > CandidatePool.CAPACITY)
                    {
                        model.remove(0);
                    }
                }
                else if (!pool.isEmpty())
                {
                    pool.takeBest();
                    assertEquals(model.remove(model.size() - 1).hash, pool.hash(), "seed " + seed);
                }
            }

            pool.clear();
        }
    }
}
