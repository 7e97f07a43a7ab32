package org.millrace.engine.keyspace;

import java.util.List;

/** Libraries that are handed on and not run: of a node without a script engine. */
public final class KeptLibraries implements FunctionLibraries
{
    private List<byte[]> sources = List.of();

    @Override
    public List<byte[]> sources()
    {
        return sources;
    }

    @Override
    public String check(final List<byte[]> newSources)
    {
        return null;
    }

    @Override
    public String replace(final List<byte[]> newSources)
    {
        sources = List.copyOf(newSources);
        return null;
    }

    /** Their names stand in their sources, which are not looked at here. */
    @Override
    public String add(final List<byte[]> newSources, final boolean isReplacing)
    {
        return newSources.isEmpty() ? null : "libraries are only kept here, and not told apart";
    }
}
