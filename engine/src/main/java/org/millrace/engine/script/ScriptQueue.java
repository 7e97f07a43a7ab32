package org.millrace.engine.script;

/**
 * Scripts in the order of their last use. What is compiled of them takes many times as much of the heap as the text, so
 * only those used last have it: they are always the newest part of the queue. The others are compiled again when they are
 * called. Writer thread.
 *
 * <pre>
 *   oldest .. (text alone) .. | firstCompiled .. (compiled) .. newest
 * </pre>
 */
final class ScriptQueue
{
    private final long compiledMax;
    private CachedScript oldest;
    private CachedScript newest;
    private CachedScript firstCompiled;
    private long textBytes;
    private long compiledBytes;

    /** @param compiledMax bytes of what is compiled that may stay; the newest script's stays in any case. */
    ScriptQueue(final long compiledMax)
    {
        this.compiledMax = compiledMax;
    }

    /** The script used longest ago, null if there is none. */
    CachedScript oldest()
    {
        return oldest;
    }

    CachedScript newest()
    {
        return newest;
    }

    /** Memory of the texts and what is around them. */
    long textBytes()
    {
        return textBytes;
    }

    /** Memory of what is compiled. */
    long compiledBytes()
    {
        return compiledBytes;
    }

    /** A script that is compiled, and used now. */
    void add(final CachedScript script)
    {
        script.queue = this;
        script.older = newest;
        script.newer = null;
        if (null == newest)
        {
            oldest = script;
        }
        else
        {
            newest.newer = script;
        }

        newest = script;
        if (null == firstCompiled)
        {
            firstCompiled = script;
        }

        textBytes += script.textBytes();
        compiledBytes += script.compiledBytes();
        keepWithin();
    }

    private void keepWithin()
    {
        while (compiledBytes > compiledMax && firstCompiled != newest)
        {
            compiledBytes -= firstCompiled.compiledBytes();
            firstCompiled.function(null);
            firstCompiled = firstCompiled.newer;
        }
    }

    void remove(final CachedScript script)
    {
        if (firstCompiled == script)
        {
            firstCompiled = script.newer;
        }

        if (null == script.older)
        {
            oldest = script.newer;
        }
        else
        {
            script.older.newer = script.newer;
        }

        if (null == script.newer)
        {
            newest = script.older;
        }
        else
        {
            script.newer.older = script.older;
        }

        script.queue = null;
        textBytes -= script.textBytes();
        compiledBytes -= null == script.function() ? 0 : script.compiledBytes();
    }

    void clear()
    {
        oldest = null;
        newest = null;
        firstCompiled = null;
        textBytes = 0;
        compiledBytes = 0;
    }
}
