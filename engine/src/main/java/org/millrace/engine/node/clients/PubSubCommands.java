package org.millrace.engine.node.clients;

import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MAY_REPLICATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.PUBSUB;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.WHILE_SUBSCRIBED;

import java.util.List;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.ChannelUse;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.resp.ReplyWriter;

/** SUBSCRIBE and its kin, PUBLISH and SPUBLISH (both in the stream, always), PUBSUB. */
final class PubSubCommands
{
    private static final String[] SUBSCRIBED = {"subscribe", "psubscribe", "ssubscribe"};
    private static final String[] UNSUBSCRIBED = {"unsubscribe", "punsubscribe", "sunsubscribe"};

    private final PubSub pubSub;

    PubSubCommands(final PubSub pubSub)
    {
        this.pubSub = pubSub;
    }

    void register(final CommandTable table)
    {
        final int flags = CLIENT_ONLY | PUBSUB | NOSCRIPT | LOADING | STALE | WHILE_SUBSCRIBED;
        table.add("subscribe", -2, flags, Category.NONE, (context) -> subscribe(context, PubSub.CHANNEL))
            .channels(ChannelUse.ALL);
        table.add("psubscribe", -2, flags, Category.NONE, (context) -> subscribe(context, PubSub.PATTERN))
            .channels(ChannelUse.PATTERNS);
        table.add("ssubscribe", -2, flags, Category.NONE, CommandKeys.all(KeyFlags.NOT_KEY),
            (context) -> subscribe(context, PubSub.SHARD))
            .channels(ChannelUse.ALL);
        table.add("unsubscribe", -1, flags, Category.NONE, (context) -> unsubscribe(context, PubSub.CHANNEL));
        table.add("punsubscribe", -1, flags, Category.NONE, (context) -> unsubscribe(context, PubSub.PATTERN));
        table.add("sunsubscribe", -1, flags, Category.NONE, CommandKeys.all(KeyFlags.NOT_KEY),
            (context) -> unsubscribe(context, PubSub.SHARD));
        table.add(
            "publish", 3, PUBSUB | LOADING | STALE | FAST | MAY_REPLICATE, Category.NONE, (c) -> publish(c, false))
            .channels(ChannelUse.FIRST);
        table.add(
            "spublish", 3, PUBSUB | LOADING | STALE | FAST | MAY_REPLICATE, Category.NONE,
            CommandKeys.one(KeyFlags.NOT_KEY), (c) -> publish(c, true))
            .channels(ChannelUse.FIRST);
        final CommandSpec spec = table.add("pubsub", -2, 0, Category.NONE, HelpReplies::never);
        final int sub = PUBSUB | LOADING | STALE;
        spec.sub("channels", -2, sub, Category.NONE, (context) -> channels(context, PubSub.CHANNEL));
        spec.sub("shardchannels", -2, sub, Category.NONE, (context) -> channels(context, PubSub.SHARD));
        spec.sub("numsub", -2, sub, Category.NONE, (context) -> listeners(context, PubSub.CHANNEL));
        spec.sub("shardnumsub", -2, sub, Category.NONE, (context) -> listeners(context, PubSub.SHARD));
        spec.sub("numpat", 2, sub, Category.NONE, this::patterns);
        spec.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "CHANNELS [<pattern>]", "Channels with at least one listener, all or those that match.",
            "NUMPAT", "How many patterns are listened to.",
            "NUMSUB [<channel> ...]", "How many clients listen to each channel, patterns not counted.",
            "SHARDCHANNELS [<pattern>]", "Shard channels with at least one listener.",
            "SHARDNUMSUB [<shardchannel> ...]", "How many clients listen to each shard channel."));
    }

    private void subscribe(final CommandContext context, final int kind)
    {
        final ClientSession session = ClientSession.running(context);
        if (PubSub.SHARD == kind && context.isNested())
        {
            context.reply().error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
            return;
        }

        for (int i = 1; i < context.argCount(); i++)
        {
            final byte[] name = context.args().bytes(i);
            pubSub.subscribe(session, kind, name);
            confirm(context, 1 == i, SUBSCRIBED[kind], name, count(session, kind));
        }
    }

    private void unsubscribe(final CommandContext context, final int kind)
    {
        final ClientSession session = ClientSession.running(context);
        if (context.argCount() > 1)
        {
            for (int i = 1; i < context.argCount(); i++)
            {
                unsubscribe(context, session, kind, new ByteKey(context.args().bytes(i)), 1 == i);
            }

            return;
        }

        final List<ByteKey> all = List.copyOf(session.names(kind));
        for (int i = 0; i < all.size(); i++)
        {
            unsubscribe(context, session, kind, all.get(i), 0 == i);
        }

        if (all.isEmpty())
        {
            confirm(context, true, UNSUBSCRIBED[kind], null, count(session, kind));
        }
    }

    private void unsubscribe(
        final CommandContext context,
        final ClientSession session,
        final int kind,
        final ByteKey key,
        final boolean isFirst)
    {
        pubSub.unsubscribe(session, kind, key);
        confirm(context, isFirst, UNSUBSCRIBED[kind], key.bytes(), count(session, kind));
    }

    /**
     * Each name has a confirmation of its own, which CLIENT REPLY does not silence. Within EXEC the first is the
     * command's element of the array and the others come behind it, like messages.
     */
    private static void confirm(
        final CommandContext context, final boolean isFirst, final String what, final byte[] name, final int count)
    {
        final ClientSession session = ClientSession.running(context);
        final boolean isReply = session.output().isReplyOn() && (isFirst || !context.isNested());
        final ReplyWriter reply = isReply ? context.reply() : session.output().messageWriter();
        reply.push(3);
        reply.bulk(what);
        if (null == name)
        {
            reply.nullBulk();
        }
        else
        {
            reply.bulk(name);
        }

        reply.integer(count);
    }

    private static int count(final ClientSession session, final int kind)
    {
        return PubSub.SHARD == kind
            ? session.subscriptionCount(PubSub.SHARD)
            : session.subscriptionCount(PubSub.CHANNEL) + session.subscriptionCount(PubSub.PATTERN);
    }

    private void publish(final CommandContext context, final boolean isShard)
    {
        final int receivers = pubSub.publish(
            isShard, context.args().bytes(1), context.argAddress(2), context.argLength(2));
        context.propagate();
        context.reply().integer(receivers);
    }

    private void channels(final CommandContext context, final int kind)
    {
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, "PUBSUB");
            return;
        }

        final List<byte[]> names = pubSub.names(kind, 3 == context.argCount() ? context.args().bytes(2) : null);
        context.reply().array(names.size());
        names.forEach(context.reply()::bulk);
    }

    private void listeners(final CommandContext context, final int kind)
    {
        final ReplyWriter reply = context.reply();
        reply.array(2L * (context.argCount() - 2));
        for (int i = 2; i < context.argCount(); i++)
        {
            reply.bulk(context.argAddress(i), context.argLength(i));
            reply.integer(pubSub.listeners(kind, context.argAddress(i), context.argLength(i)));
        }
    }

    private void patterns(final CommandContext context)
    {
        context.reply().integer(pubSub.count(PubSub.PATTERN));
    }
}
