package org.millrace.engine.acl;

import java.util.List;
import org.millrace.engine.resp.ReplyWriter;

/** How users and denials are told to clients. Pure functions. */
final class UserReplies
{
    private static final double MS_PER_SECOND = 1000;
    private static final int LOG_FIELDS = 10;

    private UserReplies()
    {
    }

    /** ACL GETUSER. */
    static void write(final User user, final ReplyWriter reply)
    {
        reply.map(6);
        reply.bulk("flags");
        final List<String> flags = user.flags();
        reply.set(flags.size());
        flags.forEach(reply::bulk);
        reply.bulk("passwords");
        reply.array(user.passwords().size());
        user.passwords().forEach((password) -> reply.bulk(password.hash()));
        writeRules(user.root(), reply);
        final List<Selector> others = user.selectors().subList(1, user.selectors().size());
        reply.bulk("selectors");
        reply.array(others.size());
        for (final Selector selector : others)
        {
            reply.map(3);
            writeRules(selector, reply);
        }
    }

    private static void writeRules(final Selector selector, final ReplyWriter reply)
    {
        pair("commands", selector.commands().text(), reply);
        pair("keys", selector.keyRules(), reply);
        pair("channels", selector.channelRules(), reply);
    }

    /** ACL LOG. */
    static void write(final AclLog log, final long count, final long nowMs, final ReplyWriter reply)
    {
        final long shown = Math.min(count, log.entries().size());
        reply.array(shown);
        log.entries().stream().limit(shown).forEach((entry) -> write(entry, nowMs, reply));
    }

    private static void write(final AclLogEntry entry, final long nowMs, final ReplyWriter reply)
    {
        reply.map(LOG_FIELDS);
        pair("count", entry.count(), reply);
        pair("reason", entry.reason(), reply);
        pair("context", entry.context(), reply);
        pair("object", entry.object(), reply);
        pair("username", entry.user(), reply);
        reply.bulk("age-seconds");
        reply.number((nowMs - entry.updatedMs()) / MS_PER_SECOND);
        pair("client-info", entry.client(), reply);
        pair("entry-id", entry.id(), reply);
        pair("timestamp-created", entry.createdMs(), reply);
        pair("timestamp-last-updated", entry.updatedMs(), reply);
    }

    private static void pair(final String name, final String value, final ReplyWriter reply)
    {
        reply.bulk(name);
        reply.bulk(value);
    }

    private static void pair(final String name, final long value, final ReplyWriter reply)
    {
        reply.bulk(name);
        reply.integer(value);
    }
}
