package org.millrace.engine.node;

import org.millrace.engine.acl.AclCommands;
import org.millrace.engine.acl.AclFile;
import org.millrace.engine.acl.AclLog;
import org.millrace.engine.acl.AclStart;
import org.millrace.engine.acl.Users;
import org.millrace.engine.command.AccessGate;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.clients.AccessLog;

/** The users of the node, wired: where they are from, who asks what they may do, who notes what they may not. */
final class NodeAccess
{
    private static final String ALL_CHANNELS = "allchannels";

    private final Config config;
    private final EventLog eventLog;
    private final Users users;
    private final AclFile file;
    private final AccessLog log;
    private final AccessGate gate;
    private final AclCommands commands;

    NodeAccess(final NodeOptions options, final CommandTable table, final WriterState writer)
    {
        config = options.config();
        eventLog = options.log();
        users = new Users(table, () -> ALL_CHANNELS.equals(config.print(ConfigOption.ACL_PUBSUB_DEFAULT)));
        file = new AclFile(config, options.aclStore(), users, eventLog);
        final AclLog denied = new AclLog(config);
        log = new AccessLog(denied, writer);
        gate = new AccessGate(log);
        commands = new AclCommands(table, users, file, denied, options.host()::random);
    }

    void register(final CommandTable table)
    {
        commands.register(table);
    }

    /** All commands are there: make the users that the configuration wants. @throws AclException they are not right. */
    void begin()
    {
        users.begin();
        AclStart.load(config, users, file, eventLog);
        config.userLines(() -> users.all().stream().map((user) -> user.name() + " " + user.text()).toList());
    }

    Users users()
    {
        return users;
    }

    AccessLog log()
    {
        return log;
    }

    AccessGate gate()
    {
        return gate;
    }
}
