package org.millrace.engine.acl;

import java.io.IOException;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;

/** The file that {@code aclfile} names: loaded at start and by ACL LOAD, whole or not at all, written by ACL SAVE. */
public final class AclFile
{
    private static final String NOT_SAVED = "There was an error trying to save the ACLs. Please check the server logs for more information";

    private final Config config;
    private final AclStore store;
    private final Users users;
    private final EventLog log;

    public AclFile(final Config config, final AclStore store, final Users users, final EventLog log)
    {
        this.config = config;
        this.store = store;
        this.users = users;
        this.log = log;
    }

    /** True if the configuration names one. */
    public boolean isConfigured()
    {
        return !name().isEmpty();
    }

    private String name()
    {
        return config.text(ConfigOption.ACLFILE);
    }

    /** Put its users in place of all. @return null, or why nothing has changed. */
    public String load()
    {
        final String text;
        try
        {
            text = store.read(config.path(name()));
        }
        catch (final IOException e)
        {
            return "Error loading ACLs, opening file '" + name() + "': " + e.getMessage();
        }

        final AclText content = new AclText(users, name());
        final String error = content.read(text);
        if (null == error)
        {
            users.replace(content.users());
        }

        return error;
    }

    /** Write all users. @return null, or why it still has what it had; the log says more. */
    String save()
    {
        try
        {
            store.write(config.path(name()), String.join("\n", users.lines()) + "\n");
            return null;
        }
        catch (final IOException e)
        {
            log.warning("Saving the ACL file '" + name() + "' failed: " + e.getMessage());
            return NOT_SAVED;
        }
    }
}
