package org.millrace.io.lua.lib;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code cmsgpack}. */
public final class MessagePackLibrary extends Library
{
    private static final int RESULTS_MAX = 7990;

    public MessagePackLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable pack = new LuaTable();
        add(pack, "pack", this::pack);
        add(pack, "unpack", (a) -> unpack(string(a, 0), 0, 0));
        add(pack, "unpack_one", (a) -> unpack(string(a, 0), 1, integer(a, 1, 0)));
        add(pack, "unpack_limit", (a) -> unpack(string(a, 0), integer(a, 1), integer(a, 2, 0)));
        pack.set("_NAME", LuaString.of("cmsgpack"));
        pack.set("_VERSION", LuaString.of("lua-cmsgpack 0.4.0"));
        pack.set("_COPYRIGHT", LuaString.of("Copyright (C) 2012, Salvatore Sanfilippo"));
        pack.set("_DESCRIPTION", LuaString.of("MessagePack C implementation for Lua"));
        return pack;
    }

    private Object pack(final Object[] a)
    {
        if (0 == a.length)
        {
            throw badArgument(-1, "MessagePack pack needs input.");
        }

        final Bytes out = new Bytes();
        final MessagePackWriter writer = new MessagePackWriter(state, out);
        for (final Object value : a)
        {
            writer.put(value, 0);
        }

        return out.toLuaString();
    }

    /** @param limit how many values to take; 0 at the beginning: all, and the place behind them is not returned. */
    private Object unpack(final LuaString text, final long limit, final long offset)
    {
        if (offset < 0 || limit < 0)
        {
            throw LuaError
                .at("Invalid request to unpack with offset of " + (int)offset + " and limit of " + text.length() +
                    ".");
        }

        if (offset > text.length())
        {
            throw LuaError.at("Start offset " + (int)offset + " greater than input length " + text.length() + ".");
        }

        final boolean isAll = 0 == limit && 0 == offset;
        final List<Object> values = new ArrayList<>();
        final MessagePackReader reader = new MessagePackReader(state, text, (int)offset);
        while (reader.left() > 0 && (isAll || values.size() < limit))
        {
            if (values.size() > RESULTS_MAX)
            {
                throw LuaError.at(
                    "stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)");
            }

            values.add(reader.value());
        }

        if (!isAll)
        {
            values.add(0, 0 == reader.left() ? -1.0 : (double)(text.length() - reader.left()));
        }

        return values.toArray();
    }
}
