package org.millrace.engine.script;

import org.agrona.collections.Long2ObjectHashMap;
import org.millrace.engine.resp.ArgVector;

/**
 * Scripts by their SHA-1, compiled when they are first seen. They take a bounded part of the heap, which the node needs
 * too: those that EVAL has brought are forgotten, the one used longest ago first, and no more are kept by SCRIPT LOAD
 * than there is room for. Looking one up allocates nothing. Writer thread.
 */
final class ScriptCache
{
    private static final String FULL = "OOM the scripts that are kept take too much memory. Use SCRIPT FLUSH to forget them.";

    private final ScriptMachine machine;
    private final long textMax;
    private final Sha1 sha1 = new Sha1();
    private final Long2ObjectHashMap<CachedScript> scripts = new Long2ObjectHashMap<>();
    private final ScriptQueue passing;
    private final ScriptQueue kept;
    private int count;
    private int flagged;

    /** @param heapBytes that all scripts together may take, about; a quarter of it for texts. */
    ScriptCache(final ScriptMachine machine, final long heapBytes)
    {
        this.machine = machine;
        textMax = heapBytes / 4;
        passing = new ScriptQueue(heapBytes / 4);
        kept = new ScriptQueue(heapBytes / 2);
    }

    /** The script with the text that this argument is, or null. */
    CachedScript findByText(final ArgVector args, final int index)
    {
        return find(sha1.compute(args.address(index), args.length(index)));
    }

    /** The script whose digest this argument names, or null. */
    CachedScript findByDigest(final ArgVector args, final int index)
    {
        return sha1.read(args.address(index), args.length(index)) ? find(sha1) : null;
    }

    private CachedScript find(final Sha1 name)
    {
        CachedScript script = scripts.get(name.first());
        while (null != script && !name.is(script.digest()))
        {
            script = script.next;
        }

        return script;
    }

    /**
     * The script that this argument is, compiled; it may be forgotten again later.
     *
     * @throws ScriptException with the text of the whole error.
     */
    CachedScript load(final ArgVector args, final int index) throws ScriptException
    {
        final CachedScript known = findByText(args, index);
        return null == known ? add(args.bytes(index), passing) : use(known);
    }

    /**
     * A script that stays until {@link #clear}.
     *
     * @param isLimited only if there is room for it. What the primary or a snapshot has is kept in any case.
     * @throws ScriptException with the text of the whole error.
     */
    CachedScript keep(final byte[] source, final boolean isLimited) throws ScriptException
    {
        final CachedScript known = find(sha1.compute(source));
        if (null != known && kept == known.queue)
        {
            return known;
        }

        if (isLimited && kept.textBytes() + CachedScript.textBytes(source) > textMax)
        {
            throw new ScriptException(FULL);
        }

        if (null == known)
        {
            return add(source, kept);
        }

        use(known);
        passing.remove(known);
        kept.add(known);
        return known;
    }

    /**
     * A script that was found is to be run: it is compiled, if it is not any more.
     *
     * @throws ScriptException with the text of the whole error.
     */
    CachedScript use(final CachedScript script) throws ScriptException
    {
        final ScriptQueue queue = script.queue;
        final ScriptFunction compiled = script.function();
        if (null == compiled || queue.newest() != script)
        {
            final ScriptFunction function = null == compiled ? compile(script.source(), script.from()) : compiled;
            queue.remove(script);
            script.function(function);
            queue.add(script);
        }

        return script;
    }

    private CachedScript add(final byte[] source, final ScriptQueue queue) throws ScriptException
    {
        final ScriptHead head = Shebang.ofScript(source);
        final CachedScript script = new CachedScript(sha1, source, head, compile(source, head.from()));
        script.next = scripts.put(sha1.first(), script);
        count++;
        flagged += script.isFlagged() ? 1 : 0;
        queue.add(script);
        while (passing.textBytes() + kept.textBytes() > textMax && passing.oldest() != passing.newest())
        {
            forget(passing.oldest());
        }

        return script;
    }

    private void forget(final CachedScript script)
    {
        passing.remove(script);
        count--;
        flagged -= script.isFlagged() ? 1 : 0;
        final long first = script.first();
        CachedScript others = scripts.get(first);
        if (others == script)
        {
            if (null == script.next)
            {
                scripts.remove(first);
            }
            else
            {
                scripts.put(first, script.next);
            }

            return;
        }

        while (others.next != script)
        {
            others = others.next;
        }

        others.next = script.next;
    }

    private ScriptFunction compile(final byte[] source, final int from) throws ScriptException
    {
        try
        {
            return machine.compile(source, from);
        }
        catch (final ScriptException e)
        {
            throw new ScriptException("ERR Error compiling script (new function): " + e.getMessage());
        }
    }

    /** SCRIPT FLUSH. */
    void clear()
    {
        scripts.clear();
        passing.clear();
        kept.clear();
        machine.resetScripts();
        count = 0;
        flagged = 0;
    }

    int count()
    {
        return count;
    }

    /** True if some of them say what they do: {@link ScriptFlags}. */
    boolean hasFlagged()
    {
        return flagged > 0;
    }

    /** Memory of the sources, what is around them, and what is compiled of them. */
    long bytes()
    {
        return passing.textBytes() + passing.compiledBytes() + kept.textBytes() + kept.compiledBytes();
    }
}
