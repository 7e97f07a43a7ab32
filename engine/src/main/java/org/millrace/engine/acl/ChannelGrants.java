package org.millrace.engine.acl;

import java.util.HashSet;
import java.util.Set;

/** What of a user's rights is about listening to channels. Pure functions. */
public final class ChannelGrants
{
    private ChannelGrants()
    {
    }

    /** True unless {@code after} may listen to all that {@code before} may. */
    static boolean areLost(final User before, final User after)
    {
        final Set<String> granted = new HashSet<>();
        for (final Selector selector : after.selectors())
        {
            if (selector.hasAllChannels())
            {
                return false;
            }

            selector.channels().forEach((pattern) -> granted.add(pattern.text()));
        }

        for (final Selector selector : before.selectors())
        {
            if (selector.hasAllChannels() ||
                selector.channels().stream().anyMatch((pattern) -> !granted.contains(pattern.text())))
            {
                return true;
            }
        }

        return false;
    }

    /** True if some selector of the user allows it to listen to a channel, or to that very pattern of channels. */
    public static boolean mayListen(final User user, final String name, final boolean isPattern)
    {
        for (final Selector selector : user.selectors())
        {
            if (selector.hasAllChannels())
            {
                return true;
            }

            for (final Pattern pattern : selector.channels())
            {
                if (isPattern ? pattern.text().equals(name) : pattern.matches(name))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
