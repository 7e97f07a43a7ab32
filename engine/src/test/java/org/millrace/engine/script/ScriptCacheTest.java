package org.millrace.engine.script;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;

/** Scripts take a bounded part of the heap, whatever clients send; who is used stays, who is loaded stays. */
class ScriptCacheTest
{
    private static final long HEAP = 256 << 10;

    private final ScriptCache cache = new ScriptCache(new ToyMachine(), HEAP);
    private final OutBuffer text = new OutBuffer(64);

    private ArgVector args(final String source)
    {
        text.take(text.length());
        text.put(source.getBytes(ISO_8859_1));
        final ArgVector args = new ArgVector();
        args.add(text.address(), text.length());
        return args;
    }

    private CachedScript eval(final String source) throws ScriptException
    {
        final CachedScript script = cache.load(args(source), 0);
        assertNotNull(script.function());
        assertTrue(cache.bytes() <= HEAP, () -> cache.bytes() + " bytes");
        return script;
    }

    private CachedScript load(final String source) throws ScriptException
    {
        return cache.keep(source.getBytes(ISO_8859_1), true);
    }

    private static String source(final int number)
    {
        return "SET key " + number;
    }

    @Test
    void shouldForgetWhatEvalBroughtLongAgo() throws ScriptException
    {
        final CachedScript used = eval("#!lua\nGET used");
        load("GET loaded");
        for (int i = 0; i < 5_000; i++)
        {
            eval(source(i));
            assertSame(used, eval("#!lua\nGET used"));
        }

        assertTrue(cache.count() > 100 && cache.count() < 300, cache.count() + " scripts");
        assertNull(cache.findByText(args(source(0)), 0));
        assertNotNull(cache.findByText(args(source(4_999)), 0));
        assertTrue(cache.hasFlagged());
        final CachedScript loaded = cache.findByText(args("GET loaded"), 0);
        assertNotNull(cache.use(loaded).function());
        for (int i = 0; i < 1_000; i++)
        {
            eval(source(i));
        }

        assertTrue(!cache.hasFlagged(), "the only one with flags has been forgotten");
        assertNull(cache.findByText(args("#!lua\nGET used"), 0));
    }

    @Test
    void shouldRefuseToKeepMoreThanThereIsRoomFor() throws ScriptException
    {
        eval(source(-1));
        final List<CachedScript> loaded = new ArrayList<>();
        final ScriptException full = assertThrows(ScriptException.class, () ->
        {
            while (loaded.size() < 100_000)
            {
                loaded.add(load(source(loaded.size())));
            }
        });
        assertTrue(full.getMessage().startsWith("OOM "), full.getMessage());
        assertTrue(loaded.size() > 100, loaded.size() + " scripts");
        for (final CachedScript script : loaded)
        {
            assertSame(script, cache.findByText(args(source(loaded.indexOf(script))), 0));
            assertNotNull(cache.use(script).function());
            assertTrue(cache.bytes() <= HEAP);
        }

        eval(source(-2));
        cache.keep(source(-3).getBytes(ISO_8859_1), false);
        cache.clear();
        assertEquals(0, cache.bytes());
        load(source(0));
    }

    /** EVAL, EVALSHA and SCRIPT LOAD in any order: what is found is whole, and sums are right. */
    @Test
    void shouldHoldItsRulesInAnyOrder() throws ScriptException
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < 20_000; i++)
        {
            final int number = random.nextInt(600);
            final CachedScript known = cache.findByText(args(source(number)), 0);
            if (null != known && random.nextBoolean())
            {
                assertNotNull(cache.use(known).function(), "seed " + seed);
            }
            else if (kept.size() < 60 && 0 == random.nextInt(40))
            {
                load(source(number));
                kept.add(number);
            }
            else
            {
                eval(source(number));
            }
        }

        for (final int number : kept)
        {
            assertNotNull(cache.findByText(args(source(number)), 0), "seed " + seed);
        }

        cache.clear();
        assertEquals(0, cache.count());
    }

    @AfterEach
    void close()
    {
        text.close();
    }
}
