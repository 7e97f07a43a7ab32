package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.ChannelUse;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.resp.ArgVector;

/** One set of commands with the keys and channels they may be used on: all a call needs must be in one selector. */
final class Selector
{
    private static final String ALL = "*";

    private final CommandSet commands;
    private final List<KeyPattern> keys = new ArrayList<>();
    private final List<Pattern> channels = new ArrayList<>();
    private boolean hasAllKeys;
    private boolean hasAllChannels;

    /** Allows nothing. @param hasAllChannels but all channels. */
    Selector(final CommandTable table, final boolean hasAllChannels)
    {
        commands = new CommandSet(table);
        this.hasAllChannels = hasAllChannels;
    }

    Selector(final Selector other)
    {
        commands = new CommandSet(other.commands);
        keys.addAll(other.keys);
        channels.addAll(other.channels);
        hasAllKeys = other.hasAllKeys;
        hasAllChannels = other.hasAllChannels;
    }

    CommandSet commands()
    {
        return commands;
    }

    boolean hasAllKeys()
    {
        return hasAllKeys;
    }

    /** {@code allkeys} or {@code resetkeys}. */
    void allKeys(final boolean areAllowed)
    {
        hasAllKeys = areAllowed;
        keys.clear();
    }

    /** Allow this access to keys that match, beside what the same pattern allows already. */
    void allowKeys(final String text, final int access)
    {
        for (int i = 0; i < keys.size(); i++)
        {
            final KeyPattern old = keys.get(i);
            if (old.pattern().text().equals(text))
            {
                keys.set(i, new KeyPattern(old.pattern(), old.access() | access));
                return;
            }
        }

        keys.add(new KeyPattern(new Pattern(text), access));
    }

    boolean hasAllChannels()
    {
        return hasAllChannels;
    }

    /** {@code allchannels} or {@code resetchannels}. */
    void allChannels(final boolean areAllowed)
    {
        hasAllChannels = areAllowed;
        channels.clear();
    }

    void allowChannels(final String text)
    {
        if (channels.stream().noneMatch((pattern) -> pattern.text().equals(text)))
        {
            channels.add(new Pattern(text));
        }
    }

    List<Pattern> channels()
    {
        return channels;
    }

    boolean isUnlimited()
    {
        return commands.isAll() && hasAllKeys && hasAllChannels;
    }

    /** What of the call is denied, {@link Denial#NONE} if nothing. */
    int denial(final KeySearch call)
    {
        if (!commands.allows(call.row(), call.args()))
        {
            return Denial.of(Denial.COMMAND, 0);
        }

        final int ofKeys = hasAllKeys ? Denial.NONE : denialOfKeys(call);
        return Denial.NONE != ofKeys || hasAllChannels || ChannelUse.NONE == call.row().channels()
            ? ofKeys
            : denialOfChannels(call.row().channels(), call.args());
    }

    private int denialOfKeys(final KeySearch call)
    {
        final KeyPositions found = call.keys();
        for (int i = 0; i < found.count(); i++)
        {
            final int index = found.index(i);
            if (!isKeyAllowed(call.args(), index, KeyPattern.needed(found.flags(i))))
            {
                return Denial.of(Denial.KEY, index);
            }
        }

        return Denial.NONE;
    }

    private boolean isKeyAllowed(final ArgVector args, final int index, final int needed)
    {
        for (int i = 0; i < keys.size(); i++)
        {
            final KeyPattern key = keys.get(i);
            if (key.allows(needed) && key.pattern().matches(args.address(index), args.length(index)))
            {
                return true;
            }
        }

        return false;
    }

    private int denialOfChannels(final ChannelUse use, final ArgVector args)
    {
        final int end = ChannelUse.FIRST == use ? 2 : args.count();
        for (int index = 1; index < end; index++)
        {
            if (!isChannelAllowed(args, index, ChannelUse.PATTERNS == use))
            {
                return Denial.of(Denial.CHANNEL, index);
            }
        }

        return Denial.NONE;
    }

    private boolean isChannelAllowed(final ArgVector args, final int index, final boolean isPattern)
    {
        final long name = args.address(index);
        final int length = args.length(index);
        for (int i = 0; i < channels.size(); i++)
        {
            final Pattern pattern = channels.get(i);
            if (isPattern ? pattern.is(name, length) : pattern.matches(name, length))
            {
                return true;
            }
        }

        return false;
    }

    /** Some rule of it allows reading each key there is. */
    boolean mayReadAllKeys()
    {
        for (final KeyPattern key : keys)
        {
            if (key.allows(KeyPattern.READ) && ALL.equals(key.pattern().text()))
            {
                return true;
            }
        }

        return hasAllKeys;
    }

    /** Rules of keys, blanks between them; empty if there are none. */
    String keyRules()
    {
        return hasAllKeys ? "~*" : String.join(" ", keys.stream().map(KeyPattern::rule).toList());
    }

    /** The same of channels. */
    String channelRules()
    {
        return hasAllChannels
            ? "&*"
            : String.join(" ", channels.stream().map((channel) -> "&" + channel.text()).toList());
    }

    /** All rules that make a selector like this one. */
    String text()
    {
        final String keyRules = keyRules();
        final String channelRules = channelRules();
        return (keyRules.isEmpty() ? "" : keyRules + " ") + (hasAllChannels ? "" : "resetchannels ") +
            (channelRules.isEmpty() ? "" : channelRules + " ") + commands.text();
    }
}
