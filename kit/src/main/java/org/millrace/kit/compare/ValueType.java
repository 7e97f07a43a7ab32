package org.millrace.kit.compare;

import java.util.Map;

/**
 * How the values of a type of keys are measured and read.
 *
 * @param lengthCommand answers the number of elements.
 * @param whole         command that reads all of it, the key left out after its name.
 * @param order         what makes two of its values equal.
 */
record ValueType(String lengthCommand, String[] whole, Order order)
{
    /** What makes two values equal. */
    enum Order
    {
        /** Same elements in the same order. */
        LISTED,
        /** As listed, each element followed by a number. */
        SCORED,
        /** Same elements. */
        SET,
        /** Same elements, each followed by its value. */
        PAIRED
    }

    private static final Map<String, ValueType> BY_NAME = Map.of(
        "list", new ValueType("LLEN", new String[]{"LRANGE", "0", "-1"}, Order.LISTED),
        "zset", new ValueType("ZCARD", new String[]{"ZRANGE", "0", "-1", "WITHSCORES"}, Order.SCORED),
        "set", new ValueType("SCARD", new String[]{"SMEMBERS"}, Order.SET),
        "hash", new ValueType("HLEN", new String[]{"HGETALL"}, Order.PAIRED),
        "stream", new ValueType("XLEN", new String[]{"XRANGE", "-", "+"}, Order.LISTED));

    /** The type that TYPE calls so; null for strings and for types of modules. */
    static ValueType of(final String name)
    {
        return BY_NAME.get(name);
    }

    /** True if two replies to the whole command are of equal values. */
    boolean isEqual(final Object left, final Object right)
    {
        return switch (order)
        {
            case LISTED -> ReplyValues.isEqual(left, right);
            case SCORED -> ReplyValues.isEqualScored(left, right);
            case SET -> ReplyValues.isEqualUnordered(left, right, false);
            case PAIRED -> ReplyValues.isEqualUnordered(left, right, true);
        };
    }
}
