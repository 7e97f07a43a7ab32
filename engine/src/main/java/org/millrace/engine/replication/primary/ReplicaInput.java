package org.millrace.engine.replication.primary;

import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;

/**
 * What one replica says: ACKs, and empty lines while it loads. Anything else that would produce a reply ends the
 * connection, since a reply has no place in the stream. Feeder's thread.
 */
final class ReplicaInput
{
    /** Bytes of an incomplete command that are kept; a replica has no business to send long ones. */
    private static final int INPUT_MAX = 1 << 20;

    private static final int KEYSPACE_FLAGS = CommandFlags.WRITE | CommandFlags.READONLY | CommandFlags.MAY_REPLICATE;

    private final ReplicaSession session;
    private final ReplicaStatus status;
    private final OutBuffer input = new OutBuffer(256);
    private final RespReader requests = new RespReader(new RespLimits());
    private final ArgVector args = new ArgVector();

    /** @param unread input that had arrived behind the PSYNC command. */
    ReplicaInput(final ReplicaSession session, final byte[] unread)
    {
        this.session = session;
        status = session.status();
        input.put(unread);
    }

    void put(final long address, final int length)
    {
        input.put(address, length);
    }

    /** Act upon what has come. */
    void read(final Feeder feeder)
    {
        while (ReplicaState.CLOSED != session.state() && input.length() > 0)
        {
            final int result = requests.read(input.address(), input.length(), args, true);
            if (RespReader.INCOMPLETE == result)
            {
                if (input.length() > INPUT_MAX)
                {
                    feeder.log().warning(
                        "Replica " + status.name() + " sends too long a command, closing connection.");
                    session.close("too long a command");
                }

                return;
            }

            if (RespReader.ERROR == result)
            {
                feeder.log().verbose("Protocol error (" + requests.error() + ") from replica " + status.name());
                session.close(requests.error());
                return;
            }

            if (RespReader.NOTHING == result)
            {
                status.alive(feeder.nowMs());
            }
            else
            {
                onCommand(feeder);
            }

            if (ReplicaState.CLOSED != session.state())
            {
                input.take(requests.consumed());
            }
        }
    }

    private void onCommand(final Feeder feeder)
    {
        final CommandSpec spec = feeder.table().findForLink(args);
        switch (null == spec ? ReplicationWord.NONE : spec.replicationWord())
        {
            case REPLCONF -> onReplconf(feeder);
            case SYNC -> {
                // A second request for synchronization is ignored without a word, as in Redis.
            }
            default -> onForeignCommand(feeder);
        }
    }

    private void onReplconf(final Feeder feeder)
    {
        if (args.count() >= 3 && args.is(1, "ACK"))
        {
            onAck(feeder.nowMs());
        }
        else if (args.count() < 3 || !args.is(1, "GETACK"))
        {
            onForeignCommand(feeder);
        }
    }

    private void onAck(final long nowMs)
    {
        if (!Decimal.isCanonical(args.address(2), args.length(2)))
        {
            return;
        }

        status.alive(nowMs);
        final long offset = Decimal.parse(args.address(2), args.length(2));
        boolean hasMoved = status.acknowledged(offset);
        if (args.count() >= 5 && args.is(3, "FACK") && Decimal.isCanonical(args.address(4), args.length(4)))
        {
            hasMoved |= status.synced(Decimal.parse(args.address(4), args.length(4)));
        }

        session.onAck(offset, hasMoved, nowMs);
    }

    /** It is to produce a reply, and there is no place for one in the stream. */
    private void onForeignCommand(final Feeder feeder)
    {
        CommandSpec spec = feeder.table().findForClient(args);
        if (null != spec && !spec.subcommands().isEmpty() && args.count() > 1 && null != spec.subcommand(args))
        {
            spec = spec.subcommand(args);
        }

        final String name = null == spec ? "<unknown>" : spec.fullName();
        if (null != spec && 0 != (spec.flags() & KEYSPACE_FLAGS))
        {
            feeder.log().warning(
                "== CRITICAL == This master is sending an error to its replica: 'Replica can't interact with the " +
                    "keyspace' after processing the command '" + name + "'");
        }

        feeder.log().warning(
            "Replica generated a reply to command '" + name + "', disconnecting it: " + session.clientInfo());
        session.close("sent the command '" + name + "'");
    }

    void close()
    {
        input.close();
    }
}
