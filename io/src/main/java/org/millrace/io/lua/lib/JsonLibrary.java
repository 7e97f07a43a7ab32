package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.LuaUserdata;

/** {@code cjson}. */
public final class JsonLibrary extends Library
{
    /** Of {@link JsonConfig#encodeInvalid}: numbers become null. */
    static final int AS_NULL = 2;

    private static final int PRECISION_MAX = 14;

    private final JsonConfig config = new JsonConfig();

    public JsonLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable json = new LuaTable();
        add(json, "encode", this::encode);
        add(json, "decode", this::decode);
        add(json, "new", (a) -> new JsonLibrary(state).make());
        add(json, "encode_sparse_array", this::sparse);
        add(json, "encode_max_depth", (a) ->
        {
            config.encodeDepth = integerOption(a, 1, 0, config.encodeDepth, 1, Integer.MAX_VALUE);
            return (double)config.encodeDepth;
        });
        add(json, "decode_max_depth", (a) ->
        {
            config.decodeDepth = integerOption(a, 1, 0, config.decodeDepth, 1, Integer.MAX_VALUE);
            return (double)config.decodeDepth;
        });
        add(json, "encode_number_precision", (a) ->
        {
            config.precision = integerOption(a, 1, 0, config.precision, 1, PRECISION_MAX);
            return (double)config.precision;
        });
        add(json, "encode_keep_buffer", (a) ->
        {
            config.keepsBuffer = 0 != enumOption(a, config.keepsBuffer ? 1 : 0, "off", "on");
            return config.keepsBuffer;
        });
        add(json, "encode_invalid_numbers", (a) ->
        {
            config.encodeInvalid = enumOption(a, config.encodeInvalid, "off", "on", "null");
            return AS_NULL == config.encodeInvalid ? LuaString.of("null") : (Object)(1 == config.encodeInvalid);
        });
        add(json, "decode_invalid_numbers", (a) ->
        {
            config.decodesInvalid = 0 != enumOption(a, config.decodesInvalid ? 1 : 0, "off", "on");
            return config.decodesInvalid;
        });
        json.set("null", LuaUserdata.NULL);
        json.set("_NAME", LuaString.of("cjson"));
        json.set("_VERSION", LuaString.of("2.1.0"));
        return json;
    }

    private Object encode(final Object[] a)
    {
        requireOne(a);
        final Bytes out = new Bytes();
        new JsonWriter(state, config, out).put(a[0], 0);
        return out.toLuaString();
    }

    private Object decode(final Object[] a)
    {
        requireOne(a);
        return new JsonReader(state, config, string(a, 0)).read();
    }

    private void requireOne(final Object[] a)
    {
        if (1 != a.length)
        {
            throw badArgument(0, "expected 1 argument");
        }
    }

    private void requireAtMost(final Object[] a, final int count)
    {
        if (a.length > count)
        {
            throw badArgument(count, "found too many arguments");
        }
    }

    private int integerOption(final Object[] a, final int count, final int index, final int now, final int min,
        final int max)
    {
        requireAtMost(a, count);
        if (isNone(a, index))
        {
            return now;
        }

        final int value = small(a, index);
        if (value < min || value > max)
        {
            throw badArgument(0, "expected integer between " + min + " and " + max);
        }

        return value;
    }

    /** A word, or a boolean for the first two. */
    private int enumOption(final Object[] a, final int now, final String... words)
    {
        requireAtMost(a, 1);
        if (isNone(a, 0))
        {
            return now;
        }

        if (a[0] instanceof Boolean)
        {
            return (Boolean)a[0] ? 1 : 0;
        }

        final String word = string(a, 0).toString();
        for (int i = 0; i < words.length; i++)
        {
            if (words[i].equals(word))
            {
                return i;
            }
        }

        throw badArgument(0, "invalid option '" + word + "'");
    }

    private Object sparse(final Object[] a)
    {
        requireAtMost(a, 3);
        if (!isNone(a, 0))
        {
            config.convertsSparse = 0 != enumOption(new Object[]{a[0]}, 0, "off", "on");
        }

        config.sparseRatio = integerOption(a, 3, 1, config.sparseRatio, 0, Integer.MAX_VALUE);
        config.sparseSafe = integerOption(a, 3, 2, config.sparseSafe, 0, Integer.MAX_VALUE);
        return results(config.convertsSparse, (double)config.sparseRatio, (double)config.sparseSafe);
    }
}
