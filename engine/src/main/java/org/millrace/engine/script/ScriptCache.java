package org.millrace.engine.script;

import org.agrona.collections.Long2ObjectHashMap;
import org.millrace.engine.resp.ArgVector;

/** Scripts by their SHA-1, compiled when they are first seen. Looking one up allocates nothing. Writer thread. */
final class ScriptCache
{
    private final ScriptMachine machine;
    private final Sha1 sha1 = new Sha1();
    private final Long2ObjectHashMap<CachedScript> scripts = new Long2ObjectHashMap<>();
    private int count;
    private int flagged;
    private long bytes;

    ScriptCache(final ScriptMachine machine)
    {
        this.machine = machine;
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
     * Compile the script that this argument is and keep it; if it is there already, nothing happens.
     *
     * @throws ScriptException with the text of the whole error.
     */
    CachedScript load(final ArgVector args, final int index) throws ScriptException
    {
        final CachedScript known = findByText(args, index);
        if (null != known)
        {
            return known;
        }

        return load(args.bytes(index));
    }

    /** As the other, for a script that has come with a snapshot. */
    CachedScript load(final byte[] source) throws ScriptException
    {
        final CachedScript known = find(sha1.compute(source));
        if (null != known)
        {
            return known;
        }

        final ScriptHead head = Shebang.ofScript(source);
        final CachedScript script = new CachedScript(sha1, compile(source, head.from()), head.flags(), source.length);
        script.next = scripts.put(sha1.first(), script);
        count++;
        flagged += ScriptHead.UNFLAGGED == head.flags() ? 0 : 1;
        bytes += script.bytes();
        return script;
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
        machine.resetScripts();
        count = 0;
        flagged = 0;
        bytes = 0;
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

    /** Memory of the sources and what is around them. */
    long bytes()
    {
        return bytes;
    }
}
