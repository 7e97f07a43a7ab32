package org.millrace.io.lua.value;

import java.util.Arrays;

/**
 * A table: an array part for keys 1 to n, and a hash part, in which each key stands at its main position or is chained from
 * there (Brent's variation of coalesced chaining). Sizes, main positions and the search for free places are those of Lua
 * 5.1, so that {@code pairs} goes through the same keys in the same order as in Redis; keys that are objects have another
 * one in each run there too.
 */
public final class LuaTable
{
    private static final Object[] NO_OBJECTS = {};
    private static final int[] NO_LINKS = {};

    /** No node follows in the chain. */
    private static final int END = -1;

    /** The array part is never longer; 2^26. */
    private static final int ARRAY_BITS = 26;

    /** Parts with more elements ask whether the heap has room for them. */
    private static final int SMALL = 1 << 14;

    /** Bytes an element takes in a part, roughly, the boxed number included. */
    private static final int ELEMENT_BYTES = 24;

    private Object[] array = NO_OBJECTS;
    private Object[] keys = NO_OBJECTS;
    private Object[] values = NO_OBJECTS;
    private int[] links = NO_LINKS;

    /** Nodes from here on are in use. */
    private int lastFree;
    private LuaTable metatable;
    private boolean isReadOnly;

    public LuaTable()
    {
    }

    /** With room for so many elements in the two parts. */
    public LuaTable(final int arraySize, final int hashSize)
    {
        Heap.made((Math.min(arraySize, SMALL) + Math.min(hashSize, SMALL)) * ELEMENT_BYTES);
        if (arraySize > 0)
        {
            array = new Object[arraySize];
        }

        makeNodes(hashSize);
    }

    public LuaTable metatable()
    {
        return metatable;
    }

    public void metatable(final LuaTable metatable)
    {
        this.metatable = metatable;
    }

    public boolean isReadOnly()
    {
        return isReadOnly;
    }

    public void readOnly(final boolean isReadOnly)
    {
        this.isReadOnly = isReadOnly;
    }

    // Get

    /** The value of any key; nil if there is none. */
    public Object get(final Object key)
    {
        if (key instanceof LuaString)
        {
            return get((LuaString)key);
        }

        if (key instanceof Double)
        {
            final double number = (Double)key;
            final int index = (int)number;
            return index == number ? get(index) : numberValue(number);
        }

        final int node = null == key ? END : find(key);
        return END == node ? null : values[node];
    }

    public Object get(final LuaString key)
    {
        final Object[] nodes = keys;
        if (0 == nodes.length)
        {
            return null;
        }

        int node = key.hashCode() & nodes.length - 1;
        do
        {
            final Object other = nodes[node];
            if (other == key || other instanceof LuaString && key.isSame((LuaString)other))
            {
                return values[node];
            }

            node = links[node];
        }
        while (END != node);

        return null;
    }

    /** By the bytes of a name. */
    public Object get(final String key)
    {
        return get(LuaString.of(key));
    }

    public Object get(final int key)
    {
        return key - 1 >= 0 && key - 1 < array.length ? array[key - 1] : numberValue(key);
    }

    private Object numberValue(final double number)
    {
        final int node = findNumber(number);
        return END == node ? null : values[node];
    }

    private int findNumber(final double number)
    {
        if (0 == keys.length)
        {
            return END;
        }

        int node = place(number);
        do
        {
            if (keys[node] instanceof Double && (Double)keys[node] == number)
            {
                return node;
            }

            node = links[node];
        }
        while (END != node);

        return END;
    }

    private int find(final Object key)
    {
        if (0 == keys.length)
        {
            return END;
        }

        int node = place(key);
        do
        {
            if (keys[node] == key || key.equals(keys[node]))
            {
                return node;
            }

            node = links[node];
        }
        while (END != node);

        return END;
    }

    private int findAny(final Object key)
    {
        return key instanceof Double ? findNumber((Double)key) : find(key);
    }

    // Set

    /**
     * Give any key a value; nil removes it.
     *
     * @throws LuaError if the table is read-only, or the key is nil or not a number.
     */
    public void set(final Object key, final Object value)
    {
        if (key instanceof Double)
        {
            final double number = (Double)key;
            final int index = (int)number;
            if (index - 1 >= 0 && index - 1 < array.length && index == number)
            {
                checkWritable();
                array[index - 1] = value;
                return;
            }
        }

        checkWritable();
        store(key, value);
    }

    public void set(final int key, final Object value)
    {
        checkWritable();
        if (key - 1 >= 0 && key - 1 < array.length)
        {
            array[key - 1] = value;
        }
        else
        {
            store((double)key, value);
        }
    }

    public void set(final String key, final Object value)
    {
        set(LuaString.of(key), value);
    }

    private void checkWritable()
    {
        if (isReadOnly)
        {
            throw LuaError.ofCode("Attempt to modify a readonly table");
        }
    }

    private void store(final Object key, final Object value)
    {
        if (null == key)
        {
            throw LuaError.ofCode("table index is nil");
        }

        final int node = findAny(key);
        if (END != node)
        {
            values[node] = value;
        }
        else if (key instanceof Double && ((Double)key).isNaN())
        {
            throw LuaError.ofCode("table index is NaN");
        }
        else
        {
            add(key, value);
        }
    }

    /** A key that is not there, also if its value is nil: it takes a place, as in Lua. */
    private void add(final Object key, final Object value)
    {
        int node = 0 == keys.length ? END : place(key);
        if (END == node || null != values[node])
        {
            final int free = freeNode();
            if (END == free)
            {
                rehash(key);
                set(key, value);
                return;
            }

            node = makePlace(node, free);
        }

        keys[node] = key;
        values[node] = value;
    }

    /** Two keys want one node. @return where the new one goes. */
    private int makePlace(final int node, final int free)
    {
        int other = place(keys[node]);
        if (other == node)
        {
            links[free] = links[node];
            links[node] = free;
            return free;
        }

        while (links[other] != node)
        {
            other = links[other];
        }

        links[other] = free;
        keys[free] = keys[node];
        values[free] = values[node];
        links[free] = links[node];
        links[node] = END;
        return node;
    }

    private int freeNode()
    {
        while (lastFree > 0)
        {
            lastFree--;
            if (null == keys[lastFree])
            {
                return lastFree;
            }
        }

        return END;
    }

    // Places

    private int place(final Object key)
    {
        if (key instanceof LuaString)
        {
            return key.hashCode() & keys.length - 1;
        }

        if (key instanceof Double)
        {
            return place((double)(Double)key);
        }

        if (key instanceof Boolean)
        {
            return ((Boolean)key ? 1 : 0) & keys.length - 1;
        }

        return Integer.remainderUnsigned(System.identityHashCode(key), keys.length - 1 | 1);
    }

    private int place(final double number)
    {
        if (0 == number)
        {
            return 0;
        }

        final long bits = Double.doubleToRawLongBits(number);
        return Integer.remainderUnsigned((int)bits + (int)(bits >>> Integer.SIZE), keys.length - 1 | 1);
    }

    // Sizes

    private void makeNodes(final int size)
    {
        if (0 == size)
        {
            keys = NO_OBJECTS;
            values = NO_OBJECTS;
            links = NO_LINKS;
            lastFree = 0;
            return;
        }

        final int length = Integer.highestOneBit(size) == size ? size : Integer.highestOneBit(size) << 1;
        if (length > SMALL)
        {
            Heap.require((long)length * ELEMENT_BYTES);
        }

        keys = new Object[length];
        values = new Object[length];
        links = new int[length];
        Arrays.fill(links, END);
        lastFree = length;
    }

    /** Make room for one more key, and divide all between the two parts. */
    private void rehash(final Object extra)
    {
        final int[] counts = new int[ARRAY_BITS + 1];
        int integers = 0;
        int all = 1;
        for (int i = 0; i < array.length; i++)
        {
            if (null != array[i])
            {
                counts[slice(i + 1)]++;
                integers++;
                all++;
            }
        }

        for (int i = 0; i < keys.length; i++)
        {
            if (null != values[i])
            {
                integers += count(keys[i], counts);
                all++;
            }
        }

        integers += count(extra, counts);
        divide(counts, integers, all);
    }

    private static int count(final Object key, final int[] counts)
    {
        if (key instanceof Double)
        {
            final double number = (Double)key;
            final int index = (int)number;
            if (index == number && index > 0 && index <= 1 << ARRAY_BITS)
            {
                counts[slice(index)]++;
                return 1;
            }
        }

        return 0;
    }

    /** The number of the power of two that is not below it. */
    private static int slice(final int index)
    {
        return Integer.SIZE - Integer.numberOfLeadingZeros(index - 1);
    }

    /** The array part is the largest of a power of two of which more than half are in use. */
    private void divide(final int[] counts, final int integers, final int all)
    {
        int size = 0;
        int inArray = 0;
        int sum = 0;
        for (int i = 0, power = 1; power / 2 < integers && i < counts.length; i++, power *= 2)
        {
            if (counts[i] > 0)
            {
                sum += counts[i];
                if (sum > power / 2)
                {
                    size = power;
                    inArray = sum;
                }
            }

            if (sum == integers)
            {
                break;
            }
        }

        resize(size, all - inArray);
    }

    /** Give the array part at least so many places. */
    public void reserveArray(final int size)
    {
        if (size > array.length)
        {
            final int nodes = keys.length;
            resize(size, nodes);
        }
    }

    private void resize(final int arraySize, final int hashSize)
    {
        Heap.made((Math.min(arraySize, SMALL) + Math.min(hashSize, SMALL)) * ELEMENT_BYTES);
        final Object[] oldArray = array;
        final Object[] oldKeys = keys;
        final Object[] oldValues = values;
        if (arraySize > SMALL)
        {
            Heap.require((long)arraySize * ELEMENT_BYTES);
        }

        if (arraySize != oldArray.length)
        {
            array = Arrays.copyOf(oldArray, arraySize);
        }

        makeNodes(hashSize);
        for (int i = arraySize; i < oldArray.length; i++)
        {
            if (null != oldArray[i])
            {
                store((double)(i + 1), oldArray[i]);
            }
        }

        for (int i = oldKeys.length - 1; i >= 0; i--)
        {
            if (null != oldValues[i])
            {
                set(oldKeys[i], oldValues[i]);
            }
        }
    }

    // All of it

    /** A border: its element is not nil, the one behind it is. */
    public int length()
    {
        int high = array.length;
        if (high > 0 && null == array[high - 1])
        {
            int low = 0;
            while (high - low > 1)
            {
                final int middle = low + high >>> 1;
                if (null == array[middle - 1])
                {
                    high = middle;
                }
                else
                {
                    low = middle;
                }
            }

            return low;
        }

        return 0 == keys.length ? high : borderInHash(high);
    }

    private int borderInHash(final int from)
    {
        int low = from;
        int high = from + 1;
        while (null != get(high))
        {
            low = high;
            if (high > Integer.MAX_VALUE / 2)
            {
                return linearBorder();
            }

            high *= 2;
        }

        while (high - low > 1)
        {
            final int middle = low + high >>> 1;
            if (null == get(middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return low;
    }

    private int linearBorder()
    {
        int i = 1;
        while (null != get(i))
        {
            i++;
        }

        return i - 1;
    }

    /** The first place from {@code place} on that holds something, or -1; the walk begins at 0. */
    public int occupied(final int place)
    {
        int i = place;
        for (; i < array.length; i++)
        {
            if (null != array[i])
            {
                return i;
            }
        }

        for (; i < array.length + keys.length; i++)
        {
            if (null != values[i - array.length])
            {
                return i;
            }
        }

        return END;
    }

    public Object keyAt(final int place)
    {
        return place < array.length ? (Object)(double)(place + 1) : keys[place - array.length];
    }

    public Object valueAt(final int place)
    {
        return place < array.length ? array[place] : values[place - array.length];
    }

    /** The place behind a key's; 0 for nil. @throws LuaError if there is no such key. */
    public int placeBehind(final Object key)
    {
        if (null == key)
        {
            return 0;
        }

        if (key instanceof Double)
        {
            final double number = (Double)key;
            final int index = (int)number;
            if (index == number && index > 0 && index <= array.length)
            {
                return index;
            }
        }

        final int node = findAny(key);
        if (END == node)
        {
            throw LuaError.of(LuaString.of("invalid key to 'next'"));
        }

        return array.length + node + 1;
    }
}
