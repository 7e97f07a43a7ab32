package org.millrace.engine.script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.keyspace.FunctionLibraries;
import org.millrace.engine.resp.ArgVector;

/**
 * The libraries of one data set, loaded. They change as a whole: a set of libraries is made beside the present one, found
 * to be free of names that two have, and takes its place. Writer thread; lists that are given out never change.
 */
final class FunctionRegistry implements FunctionLibraries
{
    private final LibraryLoader loader;
    private final ScriptCache scripts;
    private final long heapMax;
    private Map<String, FunctionLibrary> libraries = new LinkedHashMap<>();
    private FunctionNames names = new FunctionNames(0);
    private List<byte[]> sources = List.of();
    private long bytes;

    /** @param heapMax bytes of heap beyond which clients cannot add libraries. */
    FunctionRegistry(final LibraryLoader loader, final ScriptCache scripts, final long heapMax)
    {
        this.heapMax = heapMax;
        this.loader = loader;
        this.scripts = scripts;
    }

    /** In the order in which they came. */
    Collection<FunctionLibrary> libraries()
    {
        return libraries.values();
    }

    /** The function that the argument names in any case, or null. */
    LibraryFunction find(final ArgVector args, final int index)
    {
        return names.find(args, index);
    }

    int functionCount()
    {
        return names.count();
    }

    /** Memory of sources and names. */
    long bytes()
    {
        return bytes;
    }

    @Override
    public List<byte[]> sources()
    {
        return sources;
    }

    @Override
    public void keepScript(final byte[] source)
    {
        try
        {
            scripts.keep(source, false);
        }
        catch (final ScriptException e)
        {
            // Then it will be missed when it is called, and not before.
            return;
        }
    }

    @Override
    public String check(final List<byte[]> newSources)
    {
        try
        {
            load(newSources, false);
            return null;
        }
        catch (final ScriptException e)
        {
            return e.getMessage();
        }
    }

    @Override
    public String replace(final List<byte[]> newSources)
    {
        return replace(newSources, false);
    }

    /** As the other. @param isLimited for a client: they must load in time, and find room. */
    String replace(final List<byte[]> newSources, final boolean isLimited)
    {
        try
        {
            final Map<String, FunctionLibrary> loaded = load(newSources, isLimited);
            checkRoom(loaded, isLimited);
            accept(loaded);
            return null;
        }
        catch (final ScriptException e)
        {
            return e.getMessage();
        }
    }

    private Map<String, FunctionLibrary> load(final List<byte[]> newSources, final boolean isLimited)
        throws ScriptException
    {
        final Map<String, FunctionLibrary> loaded = new LinkedHashMap<>();
        final long endNs = loader.endNs(isLimited);
        for (final byte[] source : newSources)
        {
            put(loaded, source, false, endNs);
        }

        checkNames(loaded);
        return loaded;
    }

    /**
     * FUNCTION LOAD.
     *
     * @param isReplacing a library of this name gives way to it.
     * @param isLimited for a client: it must load in time, and find room.
     * @return its name.
     * @throws ScriptException with the text of the whole error; nothing has changed.
     */
    String add(final byte[] source, final boolean isReplacing, final boolean isLimited) throws ScriptException
    {
        final Map<String, FunctionLibrary> all = new LinkedHashMap<>(libraries);
        final String name = put(all, source, isReplacing, loader.endNs(isLimited));
        checkNames(all);
        checkRoom(all, isLimited);
        accept(all);
        return name;
    }

    private String put(
        final Map<String, FunctionLibrary> all,
        final byte[] source,
        final boolean isReplacing,
        final long endNs)
        throws ScriptException
    {
        final ScriptHead head = Shebang.ofLibrary(source);
        if (all.containsKey(head.name()) && !isReplacing)
        {
            throw new ScriptException("ERR Library '" + head.name() + "' already exists");
        }

        all.put(head.name(), loader.load(head, source, endNs));
        return head.name();
    }

    /** FUNCTION DELETE. @return false if there is none of this name. */
    boolean delete(final String name)
    {
        if (!libraries.containsKey(name))
        {
            return false;
        }

        final Map<String, FunctionLibrary> left = new LinkedHashMap<>(libraries);
        left.remove(name);
        accept(left);
        return true;
    }

    /** FUNCTION FLUSH. */
    void clear()
    {
        accept(new LinkedHashMap<>());
    }

    @Override
    public String add(final List<byte[]> newSources, final boolean isReplacing)
    {
        return add(newSources, isReplacing, false);
    }

    /** As the other. @param isLimited for a client: they must load in time, and find room. */
    String add(final List<byte[]> newSources, final boolean isReplacing, final boolean isLimited)
    {
        try
        {
            join(load(newSources, isLimited), isReplacing, isLimited);
            return null;
        }
        catch (final ScriptException e)
        {
            return e.getMessage();
        }
    }

    private void join(final Map<String, FunctionLibrary> loaded, final boolean isReplacing, final boolean isLimited)
        throws ScriptException
    {
        final Map<String, FunctionLibrary> all = new LinkedHashMap<>(libraries);
        for (final FunctionLibrary library : loaded.values())
        {
            if (all.containsKey(library.name()) && !isReplacing)
            {
                throw new ScriptException("ERR Library " + library.name() + " already exists");
            }

            all.put(library.name(), library);
        }

        checkNames(all);
        checkRoom(all, isLimited);
        accept(all);
    }

    private void checkRoom(final Map<String, FunctionLibrary> all, final boolean isLimited) throws ScriptException
    {
        long sum = 0;
        for (final FunctionLibrary library : all.values())
        {
            sum += library.heapBytes();
        }

        if (isLimited && sum > heapMax)
        {
            throw new ScriptException(
                "OOM the libraries would take too much memory. Use FUNCTION DELETE to remove some.");
        }
    }

    private static void checkNames(final Map<String, FunctionLibrary> all) throws ScriptException
    {
        final Set<String> seen = new HashSet<>();
        for (final FunctionLibrary library : all.values())
        {
            for (final LibraryFunction function : library.functions())
            {
                if (!seen.add(function.folded()))
                {
                    throw new ScriptException("ERR Function " + function.name() + " already exists");
                }
            }
        }
    }

    private void accept(final Map<String, FunctionLibrary> all)
    {
        final List<byte[]> code = new ArrayList<>();
        final FunctionNames byName = new FunctionNames(functionsOf(all));
        long sum = 0;
        for (final FunctionLibrary library : all.values())
        {
            code.add(library.source());
            library.functions().forEach(byName::add);
            sum += library.bytes();
        }

        libraries = all;
        names = byName;
        sources = List.copyOf(code);
        bytes = sum;
    }

    private static int functionsOf(final Map<String, FunctionLibrary> all)
    {
        int count = 0;
        for (final FunctionLibrary library : all.values())
        {
            count += library.functions().size();
        }

        return count;
    }
}
