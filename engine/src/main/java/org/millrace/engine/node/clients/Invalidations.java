package org.millrace.engine.node.clients;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Messages to clients that track: to themselves, if they speak RESP3, or to whom they have named, who may have subscribed
 * in RESP2 instead. Writer thread.
 */
final class Invalidations
{
    private static final byte[] INVALIDATE = ascii("invalidate");
    private static final byte[] BROKEN = ascii("tracking-redir-broken");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] CHANNEL = ascii("__redis__:invalidate");

    private final Tracking tracking;
    private final Clients clients;
    private final ReplyWriter writer = new ReplyWriter();

    Invalidations(final Tracking tracking, final Clients clients)
    {
        this.tracking = tracking;
        this.clients = clients;
    }

    /** One key. */
    void send(final ClientSession owner, final long keyAddress, final int keyLength)
    {
        final ClientSession target = target(owner);
        if (null == target)
        {
            return;
        }

        try
        {
            begin(target);
            writer.array(1);
            writer.bulk(keyAddress, keyLength);
            end(target);
        }
        catch (final ReplyTooLongException e)
        {
            target.output().overflow(e.getMessage());
        }
    }

    /** Several keys. @param keys an array as it stands in a reply. */
    void send(final ClientSession owner, final OutBuffer keys)
    {
        final ClientSession target = target(owner);
        if (null == target)
        {
            return;
        }

        try
        {
            begin(target);
            writer.buffer().put(keys.address(), keys.length());
            end(target);
        }
        catch (final ReplyTooLongException e)
        {
            target.output().overflow(e.getMessage());
        }
    }

    /** All keys. */
    void sendAll(final ClientSession owner)
    {
        final ClientSession target = target(owner);
        if (null == target)
        {
            return;
        }

        try
        {
            begin(target);
            writer.nullBulk();
            end(target);
        }
        catch (final ReplyTooLongException e)
        {
            target.output().overflow(e.getMessage());
        }
    }

    /** Who gets what is for a client; null if nobody can. */
    private ClientSession target(final ClientSession owner)
    {
        final ClientTracking state = owner.tracking();
        if (0 == state.redirect)
        {
            return 3 == owner.protocol && isListening(owner) ? owner : null;
        }

        final ClientSession target = clients.find(state.redirect);
        if (null == target)
        {
            state.isRedirectBroken = true;
            tellBroken(owner, state.redirect);
            return null;
        }

        return (3 == target.protocol || target.isSubscribed()) && isListening(target) ? target : null;
    }

    private static boolean isListening(final ClientSession session)
    {
        return !session.isClosing && !session.isDead();
    }

    private void tellBroken(final ClientSession owner, final long id)
    {
        if (3 != owner.protocol || !isListening(owner))
        {
            return;
        }

        try
        {
            wrap(owner);
            writer.push(2);
            writer.bulk(BROKEN);
            writer.integer(id);
            end(owner);
        }
        catch (final ReplyTooLongException e)
        {
            owner.output().overflow(e.getMessage());
        }
    }

    private void begin(final ClientSession target)
    {
        wrap(target);
        if (3 == target.protocol)
        {
            writer.push(2);
            writer.bulk(INVALIDATE);
        }
        else
        {
            writer.push(3);
            writer.bulk(MESSAGE);
            writer.bulk(CHANNEL);
        }
    }

    private void wrap(final ClientSession target)
    {
        writer.wrap(target.output().forPush(isBeforeReply(target)), target.protocol);
    }

    private void end(final ClientSession target)
    {
        if (isBeforeReply(target))
        {
            target.output().pushed();
        }
    }

    /** While room is made for its command, which may then find a key gone that it was told to have. */
    private boolean isBeforeReply(final ClientSession target)
    {
        return target == tracking.session() && !tracking.isRunning();
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
