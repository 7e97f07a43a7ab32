package org.millrace.engine.command;

/** Which keys may go when the data exceed maxmemory, and which first; in the order of {@code ConfigChoice}. */
public enum EvictionPolicy
{
    VOLATILE_LRU(true, Order.RECENCY),
    VOLATILE_LFU(true, Order.FREQUENCY),
    VOLATILE_RANDOM(true, Order.CHANCE),
    VOLATILE_TTL(true, Order.DEADLINE),
    ALLKEYS_LRU(false, Order.RECENCY),
    ALLKEYS_LFU(false, Order.FREQUENCY),
    ALLKEYS_RANDOM(false, Order.CHANCE),
    NOEVICTION(false, Order.NEVER);

    /** What decides between two keys. */
    public enum Order
    {
        /** That which was not used for longer goes. */
        RECENCY,
        /** That which is used less often goes. */
        FREQUENCY,
        CHANCE,
        /** That which would expire sooner goes. */
        DEADLINE,
        /** None goes. */
        NEVER
    }

    private static final EvictionPolicy[] POLICIES = values();

    private final boolean isVolatile;
    private final Order order;

    EvictionPolicy(final boolean isVolatile, final Order order)
    {
        this.isVolatile = isVolatile;
        this.order = order;
    }

    /** @param choice index of the option's word. */
    public static EvictionPolicy of(final int choice)
    {
        return POLICIES[choice];
    }

    /** Only keys with a deadline go. */
    public boolean isVolatile()
    {
        return isVolatile;
    }

    public Order order()
    {
        return order;
    }

    /** The choice goes by the access clock. */
    public boolean isByClock()
    {
        return Order.FREQUENCY == order || Order.RECENCY == order;
    }
}
