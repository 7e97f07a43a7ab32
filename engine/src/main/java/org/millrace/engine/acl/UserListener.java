package org.millrace.engine.acl;

/** Hears of what becomes of users: whoever has sessions of theirs. Writer thread. */
public interface UserListener
{
    /** There are no sessions. */
    UserListener NONE = new UserListener()
    {
        @Override
        public void onDeleted(final User user)
        {
            // Nobody has it.
        }

        @Override
        public void onChanged(final User user)
        {
            // Nobody has it.
        }

        @Override
        public void onChannelsLost(final User user)
        {
            // Nobody has it.
        }
    };

    /** The user is no more: nobody may go on in its name. */
    void onDeleted(User user);

    /** The user has other rights than before. */
    void onChanged(User user);

    /** As {@link #onChanged}; before that, who listens to channels that it may no longer listen to must not go on. */
    void onChannelsLost(User user);
}
