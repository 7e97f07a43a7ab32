package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.FieldExpiry;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.tree.HashTree;

/**
 * The fields of hashes as a command is to see them, most often of that of the first key: what is over is not there, and a
 * primary takes it out when it is asked for by name. Stateless; writer thread.
 */
final class HashFields
{
    /** There was a field, whose time was over; it has been taken out. */
    static final long TAKEN_OUT = -1;

    private HashFields()
    {
    }

    /** The element of the field that an argument names, or {@link HashTree#NONE}. */
    static long find(final CommandContext context, final HashValue hash, final int index)
    {
        final long element = hash.find(context.argAddress(index), context.argLength(index));
        if (HashTree.NONE == element || !isOver(context, hash, element))
        {
            return element;
        }

        if (takeOut(context, hash))
        {
            tell(context, hash);
        }

        return HashTree.NONE;
    }

    /**
     * As {@link #find}, for who asks for several: {@link #tell} is to follow once if one was taken out.
     *
     * @return the element, {@link HashTree#NONE}; or {@link #TAKEN_OUT}.
     */
    static long findUntold(final CommandContext context, final HashValue hash, final int index)
    {
        final long element = hash.find(context.argAddress(index), context.argLength(index));
        if (HashTree.NONE == element || !isOver(context, hash, element))
        {
            return element;
        }

        return takeOut(context, hash) ? TAKEN_OUT : HashTree.NONE;
    }

    /** True if the time of an element is over. */
    static boolean isOver(final CommandContext context, final HashValue hash, final long element)
    {
        return hash.isExpiring() && context.isOver(HashValue.deadlineMs(element));
    }

    /** Fields that are over: they are there, and not to be seen. */
    static long countOver(final CommandContext context, final HashValue hash)
    {
        return context.session().isPrimaryLink ? 0 : hash.countBefore(context.nowMs());
    }

    /** Take out all that is over, if that is this node's to do. */
    static void expire(final CommandContext context, final HashValue hash)
    {
        final FieldExpiry expiry = context.fieldExpiry();
        if (hash.isExpiring() && expiry.isOn())
        {
            expiry.expire(context.nowMs(), hash, context.session().db, context.argAddress(1), context.argLength(1),
                Integer.MAX_VALUE, false);
        }
    }

    /** Take out the field that was found last, of the hash of any key, and tell of it, if that is this node's to do. */
    static void takeOut(final CommandContext context, final HashValue hash, final long keyAddress, final int keyLength)
    {
        final FieldExpiry expiry = context.fieldExpiry();
        final int database = context.session().db;
        if (expiry.isOn() && expiry.takeOut(hash, database, keyAddress, keyLength))
        {
            expiry.tell(hash, database, keyAddress, keyLength);
        }
    }

    private static boolean takeOut(final CommandContext context, final HashValue hash)
    {
        final FieldExpiry expiry = context.fieldExpiry();
        return expiry.isOn() &&
            expiry.takeOut(hash, context.session().db, context.argAddress(1), context.argLength(1));
    }

    /** Fields have been taken out. */
    static void tell(final CommandContext context, final HashValue hash)
    {
        context.fieldExpiry().tell(hash, context.session().db, context.argAddress(1), context.argLength(1));
    }
}
