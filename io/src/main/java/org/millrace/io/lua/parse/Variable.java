package org.millrace.io.lua.parse;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.lua.run.LocalUse;
import org.millrace.io.lua.value.LuaString;

/** A local while its function is read. */
final class Variable
{
    final LuaString name;
    final int slot;
    private final List<LocalUse> uses = new ArrayList<>();
    private boolean isShared;

    Variable(final LuaString name, final int slot)
    {
        this.name = name;
        this.slot = slot;
    }

    <T extends LocalUse> T usedBy(final T use)
    {
        uses.add(use);
        if (isShared)
        {
            use.share();
        }

        return use;
    }

    /** An inner function uses it. */
    void share()
    {
        if (!isShared)
        {
            isShared = true;
            uses.forEach(LocalUse::share);
        }
    }

    boolean isShared()
    {
        return isShared;
    }
}
